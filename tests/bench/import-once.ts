/** One import into a new store, taken apart by the clock of the CPU; run as a program, in a process of its own. */
import { fork } from "node:child_process";
import { importRecords } from "@cairn/importers";
import type { Codelist } from "@cairn/query-library";
import { openRecords } from "@cairn/records";
import { libraryLists } from "./library.js";

export interface Imported {
  readonly events: number;
  readonly opened: number; // ms of CPU: the store, and the check that it is sound
  readonly read: number; // ms of CPU: files to sorted columns
  readonly written: number; // ms of CPU: columns to rows
  readonly indexed: number; // ms of CPU: the index, statistics, and the commit
  readonly wall: number; // ms
  readonly memory: number; // MiB: the most that this process has held
}

export async function imported(
  format: string,
  path: string,
  store: string,
  codelists: readonly Codelist[] = [],
): Promise<Imported> {
  const opening = cpu();
  const records = openRecords(store);
  const opened = cpu() - opening;
  const stamps = { begun: cpu(), read: 0, written: 0 };
  const began = performance.now();
  try {
    const { events } = await importRecords(records, {
      format,
      paths: [path],
      system: "snomed",
      completeTo: null,
      registeredFrom: format === "fhir" ? "birth" : null,
      codelists,
      dryRun: false,
      now: new Date(),
      progress: (step, done, of) => {
        if (step !== "writing") return;
        stamps.read ||= cpu(); // the first patient is written a moment earlier
        if (done === of) stamps.written = cpu();
      },
    });
    return {
      events,
      opened,
      read: stamps.read - stamps.begun,
      written: stamps.written - stamps.read,
      indexed: cpu() - stamps.written,
      wall: performance.now() - began,
      memory: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    records.close();
  }
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** One import in a process of its own. @param withLists whether to measure the quality of the library's codelists */
export function importedApart(
  format: string,
  path: string,
  store: string,
  withLists = false,
): Promise<Imported> {
  const child = fork(new URL(import.meta.url), [format, path, store, ...(withLists ? ["lists"] : [])]);
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as Imported));
    child.once("exit", (code) => reject(new Error(`the import ended with ${code}`)));
  });
}

const [, , format, path, store, lists] = process.argv;
if (process.send && format && path && store) {
  const done = await imported(format, path, store, lists ? libraryLists() : []);
  process.send(done, () => process.disconnect());
}
