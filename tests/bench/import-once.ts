/** One import into a new store, taken apart by the clock of the CPU; run as a program, in a process of its own. */
import { importRecords } from "@cairn/importers";
import { openRecords } from "@cairn/records";

export interface Imported {
  readonly events: number;
  readonly read: number; // ms of CPU: files to sorted columns
  readonly written: number; // ms of CPU: columns to rows
  readonly indexed: number; // ms of CPU: the index, statistics, and the commit
  readonly wall: number; // ms
  readonly memory: number; // MiB: the most that this process has held
}

export async function imported(format: string, path: string, store: string): Promise<Imported> {
  const records = openRecords(store);
  const stamps = { begun: cpu(), read: 0, written: 0 };
  const began = performance.now();
  try {
    const { events } = await importRecords(records, {
      format,
      paths: [path],
      system: "snomed",
      completeTo: null,
      registeredFrom: format === "fhir" ? "birth" : null,
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

const [, , format, path, store] = process.argv;
if (process.send && format && path && store) {
  const done = await imported(format, path, store);
  process.send(done, () => process.disconnect());
}
