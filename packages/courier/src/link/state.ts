/** How the link stands, in a file of the courier's folder: `cairn agent status` and `doctor` read it there. */
import { join } from "node:path";
import { WireRefusal, type RefusalCode } from "@cairn/wire";
import { CourierError } from "../errors.js";
import { readIfThere, writeWhole } from "../identity/folder.js";

export interface LinkState {
  /** When the hub last answered (ISO); null where it never did. */
  readonly heard: string | null;
  /** What keeps the link from working, in words for a person; null while it works. */
  readonly problem: string | null;
  /** Since when that has been so (ISO). */
  readonly since: string;
}

/** What it writes while the link works, at most so often. */
const HEARD_EVERY_MS = 60_000;

/** Refusals of the agent as a whole, and not of something that it asked. */
const OF_THE_AGENT: ReadonlySet<RefusalCode> = new Set([
  "awaiting-admission",
  "certificate-expired",
  "clock-skew",
  "cloned",
  "revoked",
]);

function file(folder: string): string {
  return join(folder, "link.json");
}

/** @returns null where no courier has run in this folder, or what it wrote cannot be read. */
export function readLinkState(folder: string): LinkState | null {
  try {
    return JSON.parse(readIfThere(file(folder)) ?? "null") as LinkState | null;
  } catch {
    return null;
  }
}

/** Keeps the file up to date. A disk that says no stops nothing: the file is for people, and the log says the same. */
export class LinkNotes {
  readonly #folder: string;
  readonly #now: () => number;
  #state: LinkState;
  #written = 0;

  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
    this.#state = readLinkState(folder) ?? { heard: null, problem: null, since: this.#iso() };
  }

  get problem(): string | null {
    return this.#state.problem;
  }

  /** The hub has answered. */
  heard(): void {
    const changed = this.#state.problem !== null || this.#state.heard === null;
    const since = changed ? this.#iso() : this.#state.since;
    this.#state = { heard: this.#iso(), problem: null, since };
    if (changed || this.#now() - this.#written >= HEARD_EVERY_MS) this.#write();
  }

  /** @param problem words for a person, without data. */
  trouble(problem: string): void {
    if (this.#state.problem === problem) return;
    this.#state = { ...this.#state, problem, since: this.#iso() };
    this.#write();
  }

  /** What came of a call to the hub. */
  note(error: unknown): void {
    if (error instanceof CourierError) this.trouble(error.message);
    else if (!(error instanceof WireRefusal) || error.code === "not-enrolled")
      return; // told by who waits for it
    else if (OF_THE_AGENT.has(error.code)) this.trouble(error.message);
    else this.heard();
  }

  #iso(): string {
    return new Date(this.#now()).toISOString();
  }

  #write(): void {
    this.#written = this.#now();
    try {
      writeWhole(file(this.#folder), `${JSON.stringify(this.#state, null, 2)}\n`);
    } catch {
      // tried again with the next change
    }
  }
}
