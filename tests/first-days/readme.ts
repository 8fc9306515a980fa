/** The pages of a README: their fenced commands, and what it says that each prints. */

export interface Command {
  /** As it stands there, for a shell. */
  readonly line: string;
  /** Lines that it says one sees, `...` standing for what differs. */
  readonly sees: readonly string[];
}

/** The fences under a heading, in order: in each, commands, and under a command, indented, what one sees. */
export function fencesOf(readme: string, heading: string): Command[][] {
  return fenced(readme, heading, "").map(commandsOf);
}

/** The text of the one file that a page shows as YAML, for the reader to write. @throws Error where it shows none, or several */
export function yamlOf(readme: string, heading: string): string {
  const [text, ...others] = fenced(readme, heading, "yaml");
  if (text === undefined || others.length > 0) throw new Error(`"${heading}" has not one file in YAML`);
  return text;
}

function fenced(readme: string, heading: string, language: string): string[] {
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`the README has no page "${heading}"`);
  return [...section.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, of, fence = ""]) =>
    of === language ? fence : [],
  );
}

function commandsOf(fence: string): Command[] {
  const commands: { line: string; sees: string[] }[] = [];
  for (const line of fence.split("\n").filter((each) => each.trim() !== "")) {
    if (/^\s/.test(line)) commands.at(-1)?.sees.push(line.trim());
    else commands.push({ line, sees: [] });
  }
  return commands;
}

/** Puts in what the reader puts in for the words in capitals. @throws Error for a word that is not known */
export function filledIn(text: string, words: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\b[A-Z]{3,}(?:-[A-Z]+)*\b/g, (word) => {
    const own = words[word];
    if (own === undefined) throw new Error(`the reader cannot know what to put in for ${word}: ${text}`);
    return own;
  });
}

/** Where a line that one should see is not in what was printed: that line. */
export function unseen(sees: readonly string[], printed: string): string | undefined {
  return sees.find((line) => !pattern(line).test(printed));
}

function pattern(line: string): RegExp {
  const parts = line.split("...").map((part) => part.trim().replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(parts.map((part) => part.replaceAll(/\s+/g, "\\s+")).join("[^\\n]*"));
}
