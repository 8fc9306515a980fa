/**
 * Cells and groups of each run, from the hub's assignments: how many cells it has, and which groups asked for it.
 * Stored, since runs are offered once. The second gate counts and names against it.
 */
import type { Assignment } from "@cairn/wire";
import { files, readIfThere, writeWhole } from "../identity/folder.js";

export class CellCounts {
  readonly #folder: string;
  readonly #counts: Map<string, number>;
  readonly #groups: Map<string, string[]>;
  /**
   * Whether groups are known; false in a folder from before they were stored, or made anew: the hub is asked once for
   * its releases.
   */
  #knowsGroups: boolean;

  constructor(folder: string) {
    this.#folder = folder;
    this.#counts = read<number>(files.cells(folder));
    this.#groups = read<string[]>(files.groups(folder));
    this.#knowsGroups = readIfThere(files.groups(folder)) !== null;
  }

  get knowsGroups(): boolean {
    return this.#knowsGroups;
  }

  /** Notes that the hub has named all groups: from now on they are stored. */
  learned(): void {
    this.#knowsGroups = true;
    this.#write(false, true);
  }

  /** Number of cells of a run; 0 where no assignment was seen. */
  of(run: string): number {
    return this.#counts.get(run) ?? 0;
  }

  /** Whether an assignment of the hub asked for this run for this group. */
  names(run: string, group: string): boolean {
    return this.#groups.get(run)?.includes(group) ?? false;
  }

  /** Whether any assignment of the hub was for this group. */
  namesGroup(group: string): boolean {
    return [...this.#groups.values()].some((groups) => groups.includes(group));
  }

  /** Stores assignments, before their runs are offered to the keeper. */
  note(assignments: readonly Pick<Assignment, "run" | "group" | "cells">[]): void {
    let [counts, groups] = [false, false];
    for (const { run = "", group = "", cells = 0 } of assignments) {
      if (this.#counts.get(run) !== cells) counts = true;
      this.#counts.set(run, cells);
      if (group === "" || this.names(run, group)) continue;
      this.#groups.set(run, [...(this.#groups.get(run) ?? []), group]);
      groups = true;
    }
    this.#write(counts, groups);
  }

  /** Stores the groups of uses that the hub returns. */
  noteGroups(uses: readonly { readonly run: string; readonly group: string }[]): void {
    this.note(uses.map(({ run, group }) => ({ run, group, cells: this.of(run) })));
  }

  /**
   * Forgets what the keeper refused, whole runs or groups of one: names that a hub invents do not fill the folder.
   */
  forget(runs: readonly string[], groups: readonly { readonly run: string; readonly group: string }[]): void {
    for (const run of runs) {
      this.#counts.delete(run);
      this.#groups.delete(run);
    }
    for (const { run, group } of groups) {
      const left = this.#groups.get(run)?.filter((one) => one !== group) ?? [];
      if (left.length > 0) this.#groups.set(run, left);
      else this.#groups.delete(run);
    }
    if (runs.length + groups.length > 0) this.#write(runs.length > 0, true);
  }

  #write(counts: boolean, groups: boolean): void {
    if (counts) writeWhole(files.cells(this.#folder), JSON.stringify(Object.fromEntries(this.#counts)));
    if (groups && this.#knowsGroups)
      writeWhole(files.groups(this.#folder), JSON.stringify(Object.fromEntries(this.#groups)));
  }
}

/** Reads a file; a damaged one counts as empty, and the hub is asked again for what it offered. */
function read<T>(file: string): Map<string, T> {
  try {
    return new Map(Object.entries(JSON.parse(readIfThere(file) ?? "{}") as Record<string, T>));
  } catch {
    return new Map();
  }
}
