/**
 * What rows of an extract said of one person, in the order of their ProcessingId: of the same rows the same comes out, in
 * whatever order and in however many loads they came. It is kept in the store as text.
 */
import { type Change, earlier, type Registration, withLater } from "./registrations.js";

/** A row about the present registration: since when, until when, and whether it is one for all care. */
export interface KeptRegistration extends Registration {
  readonly isRegular: boolean;
}
interface Stay extends KeptRegistration {
  readonly order: number;
}

/** A row of Admin_Patient: null for a tombstone, else whether it is a test patient, and its registration if it has one. */
export interface PersonRow {
  readonly order: number;
  readonly says: { readonly isTest: boolean; readonly stay: KeptRegistration | null } | null;
}

interface Kept {
  readonly left: number;
  readonly newest: number;
  readonly isTest: boolean;
  readonly stays: readonly Stay[];
  readonly changes: readonly Change[];
}

/** What a row made of what was known. `over`: all before it is; `part`: what is older than it. */
type Effect = "newest" | "older" | "over" | "part" | "nothing";

export class PersonHistory {
  /** The order of the newest tombstone; -1 where there is none. */
  left = -1;
  /** The order of the newest row after it; -1 where there is none: then the person is not here. */
  #newest = -1;
  isTest = false;
  #stays: Stay[] = [];
  #changes: Change[] = [];

  /** @param text of `toText` */
  static from(text: string): PersonHistory {
    const said = new PersonHistory();
    const { left, newest, isTest, stays, changes } = JSON.parse(text) as Kept;
    [said.left, said.#newest, said.isTest] = [left, newest, isTest];
    [said.#stays, said.#changes] = [[...stays], [...changes]];
    return said;
  }

  /** What is known of somebody of whose rows no order was kept: they are older than any. */
  static ofRegistrations(registrations: readonly Registration[]): PersonHistory {
    const said = new PersonHistory();
    said.#newest = 0;
    said.#stays = registrations.map((each) => ({ ...each, order: 0, isRegular: true }));
    return said;
  }

  toText(): string {
    const kept: Kept = {
      left: this.left,
      newest: this.#newest,
      isTest: this.isTest,
      stays: this.#stays,
      changes: this.#changes,
    };
    return JSON.stringify(kept);
  }

  get isHere(): boolean {
    return this.#newest >= 0;
  }

  take({ order, says }: PersonRow): Effect {
    if (order < this.left) return "nothing";
    if (says === null) return this.#leave(order);
    if (says.stay !== null) this.#put({ ...says.stay, order });
    if (order < this.#newest) return "older";
    this.#newest = order;
    this.isTest = says.isTest;
    return "newest";
  }

  changed(change: Change): void {
    if (change.order < this.left || this.#changes.some((each) => isSameChange(each, change))) return;
    this.#changes.push(change);
  }

  #leave(order: number): Effect {
    this.left = order;
    const isOver = order >= this.#newest;
    const after = (each: { readonly order: number }): boolean => each.order > order;
    this.#stays = this.#stays.filter(after);
    this.#changes = this.#changes.filter(after);
    if (!isOver) return "part";
    this.#newest = -1;
    this.isTest = false;
    return "over";
  }

  #put(stay: Stay): void {
    const isSame = (each: Stay): boolean => each.order === stay.order && each.start === stay.start;
    this.#stays = [...this.#stays.filter((each) => !isSame(each)), stay];
  }

  /** The person's registrations for all care, by all rows together. */
  registrations(): Registration[] {
    let all: Registration[] = [];
    for (const { isRegular, start, end } of [...this.#stays].sort((a, b) => a.order - b.order)) {
      if (isRegular) all = withLater(all, { start, end });
      else all = all.map((each) => ({ ...each, end: each.end ?? Math.max(start, each.start) }));
    }
    const present = all.at(-1);
    const before = present === undefined ? [] : earlier(this.#changes, present.start);
    return [...before.filter(({ start }) => !all.some((each) => each.start === start)), ...all];
  }
}

function isSameChange(a: Change, b: Change): boolean {
  return a.day === b.day && a.time === b.time && a.order === b.order && a.joins === b.joins;
}
