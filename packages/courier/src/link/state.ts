/** State of the link, in a file of the courier's folder that `cairn agent status` and `doctor` read. */
import { join } from "node:path";
import { WireRefusal, type LinkStanding, type LinkState, type RefusalCode } from "@cairn/wire";
import { CourierError } from "../errors.js";
import { readIfThere, readSettings, writeWhole } from "../identity/folder.js";
import { secondsAhead } from "./clock.js";

/** Least time in ms between two writes without a change; shorter where a hub shows agents as offline sooner. */
const WRITE_EVERY_MS = 60_000;

/** Refusals of the agent as a whole, and not of one request. */
const OF_THE_AGENT: ReadonlyMap<RefusalCode, LinkStanding> = new Map([
  ["awaiting-admission", "awaiting-admission"],
  ["certificate-expired", "refused"],
  ["clock-skew", "refused"],
  ["cloned", "cloned"],
  ["revoked", "revoked"],
] as const);

function file(folder: string): string {
  return join(folder, "link.json");
}

/**
 * Reads the state.
 * @returns null where nobody has enrolled or run a courier in this folder, or the file cannot be read.
 */
export function readLinkState(folder: string): LinkState | null {
  try {
    const kept = JSON.parse(readIfThere(file(folder)) ?? "null") as Kept | null;
    return kept && { ...NOTHING_KNOWN, state: kept.problem === null ? "works" : "unreachable", ...kept };
  } catch {
    return null;
  }
}

type Kept = Pick<LinkState, "heard" | "problem" | "since"> & Partial<LinkState>;

/** Defaults for fields that files of earlier versions lack. */
const NOTHING_KNOWN = { hub: null, fingerprint: null, offlineAfterSeconds: null, hubAheadSeconds: null };

/**
 * Keeps the file up to date, and notifies a listener. A disk error stops nothing: the file is for people, and the log
 * says the same.
 */
export class LinkNotes {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #tell: (state: LinkState) => void;
  #state: LinkState;
  #written = 0;

  constructor(folder: string, now: () => number, tell: (state: LinkState) => void = () => undefined) {
    this.#folder = folder;
    this.#now = now;
    this.#tell = tell;
    this.#state = readLinkState(folder) ?? {
      ...NOTHING_KNOWN,
      state: "not-enrolled",
      heard: null,
      problem: null,
      since: this.#iso(),
    };
  }

  get problem(): string | null {
    return this.#state.problem;
  }

  /** Notes that the hub has answered. */
  heard(): void {
    this.#note({ state: "works", problem: null, heard: this.#iso(), fingerprint: null });
  }

  /** Notes that the hub waits for a person to compare the fingerprint. */
  waits(fingerprint: string, problem: string): void {
    this.#note({ state: "awaiting-admission", problem, heard: this.#iso(), fingerprint });
  }

  /** Notes what is wrong. @param problem words for a person, without data. */
  trouble(state: LinkStanding, problem: string): void {
    this.#note({ state, problem });
  }

  /** Notes the hub's clock. @param hubClock ms since 1970, cut to the second. */
  clock(hubClock: number): void {
    this.#state = { ...this.#state, hubAheadSeconds: secondsAhead(hubClock, this.#now()) };
  }

  /** Notes the hub's setting. @param seconds the setting; 0 where it gives none. */
  offlineAfter(seconds: number): void {
    this.#note({ offlineAfterSeconds: seconds || null });
  }

  /** Notes the outcome of a call to the hub: an error. */
  note(error: unknown): void {
    if (error instanceof CourierError) return this.trouble("unreachable", error.message);
    if (!(error instanceof WireRefusal) || error.code === "not-enrolled") return; // told by who waits for it
    const state = OF_THE_AGENT.get(error.code);
    if (state) this.trouble(state, error.message);
    else this.heard();
  }

  #note(change: Partial<LinkState>): void {
    const before = this.#state;
    const next = { ...before, ...change };
    const turned = next.state !== before.state || next.problem !== before.problem;
    const first = before.heard === null && next.heard !== null;
    const otherSetting = next.offlineAfterSeconds !== before.offlineAfterSeconds;
    this.#state = turned ? { ...next, since: this.#iso() } : next;
    const every = Math.min(WRITE_EVERY_MS, (next.offlineAfterSeconds ?? Infinity) * 250);
    if (turned || first || otherSetting || this.#now() - this.#written >= every) this.#write();
  }

  #iso(): string {
    return new Date(this.#now()).toISOString();
  }

  #write(): void {
    this.#written = this.#now();
    this.#state = { ...this.#state, hub: hubIn(this.#folder) };
    this.#tell(this.#state);
    try {
      writeWhole(file(this.#folder), `${JSON.stringify(this.#state, null, 2)}\n`);
    } catch {
      // tried again with the next change
    }
  }
}

function hubIn(folder: string): string | null {
  try {
    return readSettings(folder)?.hub ?? null;
  } catch {
    return null; // damaged, which the courier itself says
  }
}
