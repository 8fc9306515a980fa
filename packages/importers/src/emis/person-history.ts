/**
 * What rows of an extract said of one person, in the order of their ProcessingId: of the same rows the same comes out, in
 * whatever order and in however many loads they came. It is kept in the store as text.
 */
import { type Change, earlier, type PersonRegistration, type Registration } from "./registrations.js";

/** A row of Admin_Patient: null for a tombstone, else whether it is a test patient, and its registration if it has one. */
export interface PersonRow {
  readonly order: number;
  readonly says: { readonly isTest: boolean; readonly stay: PersonRegistration | null } | null;
}

interface Kept {
  readonly left: number;
  readonly newest: number;
  readonly isTest: boolean;
  /** Of the newest row. */
  readonly stay?: PersonRegistration | null;
  /** In the place of `stay` where an earlier version kept what each row said. */
  readonly stays?: readonly (PersonRegistration & { readonly order: number })[];
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
  #stay: PersonRegistration | null = null;
  #changes: Change[] = [];

  /** @param text of `toText` */
  static from(text: string): PersonHistory {
    const said = new PersonHistory();
    const { left, newest, isTest, stay, stays = [], changes } = JSON.parse(text) as Kept;
    [said.left, said.#newest, said.isTest] = [left, newest, isTest];
    said.#stay = stay ?? stays.findLast(({ order }) => order === newest) ?? null;
    said.#changes = [...changes];
    return said;
  }

  /** What is known of somebody of whose rows no order was kept: they are older than any. */
  static ofRegistrations(registrations: readonly Registration[]): PersonHistory {
    const said = new PersonHistory();
    const present = registrations.at(-1);
    said.#newest = 0;
    said.#stay = present === undefined ? null : { ...present, isRegular: true };
    said.#changes = registrations.slice(0, -1).flatMap(({ start, end }) => [
      { day: start, time: "", order: 0, joins: true },
      { day: end ?? start, time: "", order: 0, joins: false },
    ]);
    return said;
  }

  toText(): string {
    const kept: Kept = {
      left: this.left,
      newest: this.#newest,
      isTest: this.isTest,
      stay: this.#stay,
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
    if (order < this.#newest) return "older";
    this.#newest = order;
    this.#stay = says.stay;
    this.isTest = says.isTest;
    return "newest";
  }

  changed(change: Change): void {
    if (change.order < this.left || this.#changes.some((each) => isSameChange(each, change))) return;
    this.#changes.push(change);
  }

  #leave(order: number): Effect {
    this.left = order;
    this.#changes = this.#changes.filter((each) => each.order > order);
    if (order < this.#newest) return "part";
    this.#newest = -1;
    this.#stay = null;
    this.isTest = false;
    return "over";
  }

  /** The person's registrations for all care: the present one as the newest row says it, and those before it. */
  registrations(): Registration[] {
    const before = earlier(this.#changes, this.#stay);
    if (this.#stay?.isRegular !== true) return before;
    const { start, end } = this.#stay;
    return [...before, { start, end }];
  }
}

function isSameChange(a: Change, b: Change): boolean {
  return a.day === b.day && a.time === b.time && a.order === b.order && a.joins === b.joins;
}
