/** `agent watch`: takes each new extract of a folder in, in one look or until told to stop. */
import { setTimeout } from "node:timers/promises";
import {
  type ArrivalFacts,
  assertCanBegin,
  endWatch,
  type WatchEvents,
  watchOnce,
  type WatchFlags,
} from "@cairn/agent/watch";
import { CairnError } from "@cairn/errors";
import { shellWord } from "@cairn/text";
import { untilStopSignal } from "../stop-signal.js";
import { say } from "../say.js";
import { changeWords, skippedWords } from "./import.js";

export interface Flags extends WatchFlags {
  readonly once?: boolean;
  readonly end?: boolean;
}

const LOOK_EVERY_MS = 60_000;

/** @throws what a pass throws, where it is the only one; else that is printed, and the next pass tries again. */
export async function watchFolder(folder: string, flags: Flags): Promise<void> {
  if (flags.end) return end(flags.data);
  assertCanBegin(folder, flags.data);
  if (flags.once) return look(folder, flags);
  const ending = new AbortController();
  void untilStopSignal(false).then(() => ending.abort());
  let said = "";
  const described: ArrivalFacts = new Map();
  while (!ending.signal.aborted) {
    try {
      await look(folder, flags, described);
      said = "";
    } catch (error) {
      if (!(error instanceof CairnError)) throw error;
      if (said !== error.message) say.problem(error); // once, and not each minute
      said = error.message;
    }
    await setTimeout(LOOK_EVERY_MS, undefined, { signal: ending.signal }).catch(() => undefined);
  }
}

let leftBefore = "";
let notedBefore = "";

async function look(folder: string, flags: Flags, described?: ArrivalFacts): Promise<void> {
  const events: WatchEvents = {
    progress: () => undefined,
    taken(name, { report }) {
      say.result(
        `Taken: ${name}, complete to ${report.covers_to ?? "a day that nobody said"}. ${changeWords(report.changes, false)}`,
      );
      for (const line of skippedWords(report)) say.result(line);
    },
    left(names) {
      if (leftBefore === names.join()) return; // once, and not each minute
      leftBefore = names.join();
      say.note(
        `Not taken, since what was taken last is as new or newer: ${names.join(", ")}. Where it is needed, take it in by hand with cairn agent import --older; else move it away`,
      );
    },
    elsewhere(noted) {
      if (notedBefore === noted) return; // once, and not each minute
      notedBefore = noted;
      say.note(
        `No extract lies in ${folder}, so ${noted} stays noted as the folder where they come. Where that is over, end it: cairn agent watch ${shellWord(noted)} --format ${flags.format} --end`,
      );
    },
    gone(name) {
      const to = flags.moveTo;
      say.result(to === undefined ? `Deleted, as --keep says: ${name}` : `Moved to ${to}: ${name}`);
    },
    now: Date.now,
  };
  const waits = await watchOnce(folder, flags, events, described);
  if (waits !== null && flags.once) say.note(`Waiting: ${waits}`);
}

function end(data: string): void {
  const folder = endWatch(data);
  say.result(
    folder === null
      ? "No folder was watched."
      : `Nothing more is expected in ${folder}. Where the timer cairn-watch.timer looks there, disable it too`,
  );
}
