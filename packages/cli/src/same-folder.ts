/**
 * Commands that are printed name the folder that the command was given which prints them: they can be typed as they
 * stand. One place for every word that is said, also for those that rooms have kept.
 */
import type { Command, Option } from "commander";
import { shellWord } from "@cairn/text";

/** Options that name a folder which several commands are about. */
const FOLDERS = ["--data", "--courier-data", "--dir"];

/** `cairn` and the words after it, also over a line's end. */
const COMMAND = /(?<![\w/-])cairn((?:\s+(?!cairn\s)[a-z][a-z-]*)+)/g;
/** What is typed after a command's words, up to where the sentence goes on. */
const REST = /^(?:"[^"\n]*"|'[^'\n]*'|\\[^]|[.,:](?=\S)|(?!\scairn\s)[^\n\\"'`;().,:])*/;

/**
 * Makes a function that completes the commands in a text with the folders that `given` was given: after their own words,
 * and those of `offered` that have the same option with the same folder in its absence. One that names a folder itself,
 * and a command about another kind of folder, stay as they are.
 */
export function inSameFolder(given: Command, offered: Command): (text: string) => string {
  const folders = foldersOf(given);
  return (text) =>
    text.replaceAll(COMMAND, (all, words: string, at: number) => {
      const { command, length } = commandOf(offered, words);
      const end = all.length - words.length + length;
      const typed = REST.exec(text.slice(at + end))?.[0].split(/\s+/) ?? [];
      const missing = folders.filter(
        ({ option }) =>
          takes(command, option) && !typed.some((word) => word.split("=", 1)[0] === option.long),
      );
      return [all.slice(0, end), ...missing.map((folder) => folder.words)].join(" ") + all.slice(end);
    });
}

/** Whether a command was given a folder in the place of the one that it takes by itself. */
export function namesFolder(given: Command): boolean {
  return foldersOf(given).length > 0;
}

function foldersOf(given: Command): { readonly option: Option; readonly words: string }[] {
  return given.options.flatMap((option) => {
    const value: unknown = given.getOptionValue(option.attributeName());
    const isOther = typeof value === "string" && value !== option.defaultValue;
    return isOther && FOLDERS.includes(option.long ?? "")
      ? [{ option, words: `${option.long} ${shellWord(value)}` }]
      : [];
  });
}

function takes(command: Command, { long, defaultValue }: Option): boolean {
  return command.options.some((one) => one.long === long && one.defaultValue === defaultValue);
}

/** The command that words begin with, and how many of their characters it takes. */
function commandOf(offered: Command, words: string): { command: Command; length: number } {
  let command = offered;
  let length = 0;
  for (const { 0: word, index } of words.matchAll(/[a-z-]+/g)) {
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (next === undefined) break;
    command = next;
    length = index + word.length;
  }
  return { command, length };
}
