/**
 * The hub's log and practices' logs held against each other, offline, by someone who trusts neither.
 * Each side's key is taken from what the other side's log says of it, so that neither can vouch for itself.
 */
import { readFileSync } from "node:fs";
import { rootAt, verifyExport, type Entry } from "@cairn/audit-log";
import { publicKeyFromRaw } from "@cairn/wire";
import { corrections } from "./corrections.js";
import { DoesNotHold, fail, text } from "./does-not-hold.js";

/** An exported log: its lines, and what to call it. */
export interface Exported {
  readonly name: string;
  readonly lines: readonly string[];
}

export interface Account {
  readonly verified: boolean;
  /** The first thing that does not hold, in words; null when everything does. */
  readonly problem: string | null;
  readonly releases: number; // held by the hub and found in a practice's log
  readonly practices: readonly {
    readonly practice: string;
    readonly entries: number;
    readonly releases: number;
    readonly withdrawn: number; // of the releases, those that the practice took back
  }[];
}

/** @param practices one exported log a practice; those that are absent are named by `problem`. */
export function crossCheck(hub: Exported, practices: readonly Exported[]): Account {
  const accounts: { practice: string; entries: number; releases: number; withdrawn: number }[] = [];
  try {
    const said = practices.map((log) => ({ log, entries: peek(log) }));
    const hubEntries = replay(hub, hubKey(said.map(({ entries }) => entries)));
    const received = hubEntries.filter((entry) => entry.kind === "release-received");
    const accounted = new Set<Entry>();
    for (const { log, entries } of said) {
      replay(log, practiceKey(log, entries, hubEntries));
      const mine = receivedFrom(received, entries);
      for (const entry of mine) {
        mustBeInLog(log, entries, entry);
        accounted.add(entry);
      }
      mustBeAtHub(log, entries, received);
      const withdrawn = corrections(log.name, entries, hubEntries);
      accounts.push({ practice: log.name, entries: entries.length, releases: mine.length, withdrawn });
    }
    const stray = received.find((entry) => !accounted.has(entry));
    if (stray) fail(`${hub.name} holds run ${text(stray, "run")} of a practice whose log was not given`);
    return { verified: true, problem: null, releases: accounted.size, practices: accounts };
  } catch (error) {
    if (!(error instanceof DoesNotHold)) throw error;
    return { verified: false, problem: error.message, releases: 0, practices: accounts };
  }
}

/** @param path a file of exported lines. */
export function readExport(name: string, path: string): Exported {
  return {
    name,
    lines: readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== ""),
  };
}

/** The entries as the file has them, before anything is proved of them. */
function peek({ name, lines }: Exported): Entry[] {
  try {
    return lines.slice(1).map((line) => JSON.parse(line) as Entry);
  } catch {
    return fail(`${name} is not an exported log: a line of it is no JSON`);
  }
}

function replay(log: Exported, key: string): Entry[] {
  const origin = originOf(log);
  const verdict = verifyExport(log.lines, { name: origin, key: publicKeyFromRaw(Buffer.from(key, "hex")) });
  return verdict.ok ? [...verdict.entries] : fail(`the log of ${log.name} does not hold: ${verdict.problem}`);
}

function originOf({ name, lines }: Exported): string {
  try {
    const { checkpoint } = JSON.parse(lines[0] ?? "") as { checkpoint: string };
    return checkpoint.split("\n")[0] ?? "";
  } catch {
    return fail(`${name} is not an exported log: it does not begin with a checkpoint`);
  }
}

/** As every practice pinned it when it enrolled. */
function hubKey(practices: readonly (readonly Entry[])[]): string {
  const pinned = new Set(
    practices.flatMap((entries) =>
      entries.filter((e) => e.kind === "enrolled").map((e) => text(e, "hubLogKey")),
    ),
  );
  const [key, ...others] = pinned;
  if (key === undefined) return fail("no practice's log says which hub it enrolled with");
  if (others.length > 0) fail("the practices' logs are of different hubs");
  return key;
}

/** As the hub wrote it down when the practice's agent enrolled there. */
function practiceKey(log: Exported, entries: readonly Entry[], hubEntries: readonly Entry[]): string {
  const own = entries.find((entry) => entry.kind === "made");
  const key = own ? text(own, "key") : "";
  const known = hubEntries.some(
    (entry) => entry.kind === "agent-enrolled" && text(entry, "keeper_key") === key,
  );
  return known ? key : fail(`the hub's log knows no agent with the key that signs the log of ${log.name}`);
}

/** What the hub says it received from the practice of this log: everything of the practice whose runs these are. */
function receivedFrom(received: readonly Entry[], entries: readonly Entry[]): Entry[] {
  const tells = ["released", "release-given-back"];
  const runs = new Set(entries.filter(({ kind }) => tells.includes(kind)).map((entry) => text(entry, "run")));
  const ids = new Set(
    received.filter((entry) => runs.has(text(entry, "run"))).map((entry) => text(entry, "practice")),
  );
  return received.filter((entry) => ids.has(text(entry, "practice")));
}

function isSame(entry: Entry, held: Entry): boolean {
  return ["run", "digest", "correction"].every((field) => text(entry, field) === text(held, field));
}

/**
 * A release that the hub holds is in the practice's log, at the place and under the root that it was sent with. Of
 * a keeper that came back from a backup, whose log says so, it is at least in what the hub gave back.
 */
function mustBeInLog(log: Exported, entries: readonly Entry[], held: Entry): void {
  const run = text(held, "run");
  const entry = entries[Number(held.body["practice_log_index"])];
  if (entry?.kind !== "released" || !isSame(entry, held)) {
    if (entries.some((each) => each.kind === "release-given-back" && isSame(each, held))) return;
    fail(`the hub holds a release of run ${run} that the log of ${log.name} does not tell of`);
  }
  const root = rootAt(entries, Number(held.body["practice_log_size"])).toString("hex");
  if (root !== text(held, "practice_log_root")) {
    fail(`the log of ${log.name} is not the one that run ${run} was released from`);
  }
}

/** What the practice holds a receipt for, the hub tells of. */
function mustBeAtHub(log: Exported, entries: readonly Entry[], received: readonly Entry[]): void {
  const held = new Set(received.map((entry) => `${text(entry, "run")} ${text(entry, "digest")}`));
  const receipts = entries.filter((entry) => entry.kind === "receipt");
  const lost = receipts.find((entry) => !held.has(`${text(entry, "run")} ${text(entry, "digest")}`));
  if (lost)
    fail(`${log.name} holds a receipt for run ${text(lost, "run")} that the hub's log does not tell of`);
}
