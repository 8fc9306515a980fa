/** How many cells each assigned run has, as the hub said: kept over restarts, for runs are offered once. */
import { files, readIfThere, writeWhole } from "../identity/folder.js";

export class CellCounts {
  readonly #folder: string;
  readonly #counts: Map<string, number>;

  constructor(folder: string) {
    this.#folder = folder;
    this.#counts = read(folder);
  }

  /** 0 where no assignment was seen. */
  of(run: string): number {
    return this.#counts.get(run) ?? 0;
  }

  /** Kept before the runs are offered to the keeper. */
  note(assignments: readonly { readonly run: string; readonly cells: number }[]): void {
    const news = assignments.filter(({ run, cells }) => this.#counts.get(run) !== cells);
    if (news.length === 0) return;
    for (const { run, cells } of news) this.#counts.set(run, cells);
    writeWhole(files.cells(this.#folder), JSON.stringify(Object.fromEntries(this.#counts)));
  }
}

/** A damaged file is an empty one: the hub is asked again for what it offered. */
function read(folder: string): Map<string, number> {
  try {
    const counts = JSON.parse(readIfThere(files.cells(folder)) ?? "{}") as Record<string, number>;
    return new Map(Object.entries(counts));
  } catch {
    return new Map();
  }
}
