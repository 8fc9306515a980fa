/**
 * Compares each log with every checkpoint of it that the other side holds: those that practices countersigned of the
 * hub's logs, in their own logs and in the notes that the hub keeps.
 */
import { createHash } from "node:crypto";
import { cosignedAt, openCheckpoint, peekCheckpoint, stampedAt } from "@cairn/audit-log";
import type { PracticeEntryOf } from "../../practice-log.js";
import type { Findings } from "../findings.js";
import type { Moments } from "../moments.js";
import type { HubSide, PracticeLine, PracticeSide } from "../sides.js";
import type { WireSignatures } from "../signatures.js";

/** A hub's checkpoint in an entry of a practice's log. */
interface Told {
  readonly origin: string;
  readonly size: number;
  readonly root: string; // hex
  readonly signedAt: number | null; // by the hub's clock and under its signature
}

type Countersigned = PracticeEntryOf<"checkpointCountersigned" | "hubLogAccepted">;
type Refused = PracticeEntryOf<"checkpointRefused">;

export function isCountersigned(entry: PracticeLine): entry is Countersigned {
  return entry.kind === "checkpoint-countersigned" || entry.kind === "hub-log-accepted";
}

/** The practice's countersignatures of the hub's log after the hub's export was made. */
export interface LaterCheckpoints {
  readonly checkpoints: number;
  /** The time of the newest by the hub's own clock and signature, in ms since 1970; null where none states it. */
  readonly stampedAt: number | null;
}

/**
 * Checks the checkpoints that a practice's log countersigned or refused.
 * @returns those later than the hub's export, which are not checked.
 */
export function checkCheckpoints(
  found: Findings,
  hub: HubSide,
  practice: PracticeSide,
  moments: Moments,
): LaterCheckpoints {
  let [checkpoints, newest] = [0, -Infinity];
  for (const entry of practice.withHub) {
    if (entry.kind === "checkpoint-refused") checkRefused(found, hub, practice, moments, entry);
    if (!isCountersigned(entry)) continue;
    const later = checkSigned(found, hub, practice, moments, entry);
    if (!later) continue;
    checkpoints += 1;
    newest = Math.max(newest, later.signedAt ?? -Infinity);
  }
  return { checkpoints, stampedAt: Number.isFinite(newest) ? newest : null };
}

/** Checks one. @returns the checkpoint where it is later than the hub's export, else null. */
function checkSigned(
  found: Findings,
  hub: HubSide,
  { name }: PracticeSide,
  moments: Moments,
  entry: Countersigned,
): Told | null {
  const told = toldBy(hub, entry);
  const at = { entry: entry.position };
  if (!told) {
    found.problem("log-unreadable", name, "it tells of a checkpoint that it does not name", at);
    return null;
  }
  const must = told.signedAt === null ? moments.hubMustTell(entry.at) : moments.hubMustTellOwn(told.signedAt);
  const number = hub.logs.findIndex(({ origin }) => origin === told.origin);
  const log = hub.logs[number];
  if (!log) {
    if (!must) return told;
    found.problem(
      "hub-log-forked",
      hub.name,
      `${name} countersigned ${told.size} entries of a log ${told.origin}, which the hub's export does not hold`,
    );
  } else if (told.size <= log.size) {
    if (log.rootAt(told.size) !== told.root)
      found.problem(
        "hub-log-rewritten",
        hub.name,
        `its first ${told.size} entries are not those that ${name} countersigned (entry ${entry.position} of its log): some were changed, left out or moved`,
      );
  } else if (number === hub.logs.length - 1) {
    if (!must) return told;
    found.problem(
      "hub-log-cut",
      hub.name,
      `it ends at ${log.size} entries, and ${name} countersigned ${told.size} of it before it was exported (entry ${entry.position} of its log)`,
    );
  } // in a log that was followed by another, the hub's restore explains it, and is noted
  return null;
}

/** Of a checkpoint that a practice refused, only one that the hub signed shows anything of the hub. */
function checkRefused(
  found: Findings,
  hub: HubSide,
  { name }: PracticeSide,
  moments: Moments,
  entry: Refused,
): void {
  const told = toldBy(hub, entry);
  if (told?.signedAt == null) {
    found.note(`${name} refused a checkpoint of the hub's log at ${entry.time} (entry ${entry.position}).`);
    return;
  }
  const log = hub.logs.find(({ origin }) => origin === told.origin);
  if (!log && moments.hubMustTellOwn(told.signedAt))
    found.problem(
      "hub-log-forked",
      hub.name,
      `it signed a log ${told.origin}, shown to ${name}, which its export does not hold`,
    );
  if (!log) return;
  if (told.size <= log.size && log.rootAt(told.size) !== told.root)
    found.problem(
      "hub-log-forked",
      hub.name,
      `it signed another history of ${told.size} entries for ${name} (entry ${entry.position} of its log)`,
    );
  else if (told.size > log.size && log === hub.logs.at(-1) && moments.hubMustTellOwn(told.signedAt))
    found.problem(
      "hub-log-cut",
      hub.name,
      `it ends at ${log.size} entries, and the hub showed ${told.size} to ${name} before it was exported`,
    );
}

function toldBy(hub: HubSide, { body: { origin, size, root, stamp } }: Countersigned | Refused): Told | null {
  if (root?.length !== 64) return null; // versions from before did not say it of what they refused
  const checkpoint = { origin, size, root: Buffer.from(root, "hex") };
  const signedAt = stamp === null ? null : stampedAt(checkpoint, stamp, { name: origin, key: hub.key });
  return { origin, size, root, signedAt: signedAt?.getTime() ?? null };
}

/** A note that the hub keeps, and which keeper (key, hex) countersigned it when. */
interface Kept {
  readonly origin: string;
  readonly size: number;
  readonly root: string; // hex
  readonly keeper: string;
  readonly at: number; // milliseconds since 1970, by the practice's clock
}

/**
 * The notes that the hub keeps, each held against its own logs: whoever countersigned, also where their log was not given.
 * Returned are those of practices.
 */
export function checkKept(found: Findings, hub: HubSide, { publicKey }: WireSignatures): Kept[] {
  const keepers = new Map([...hub.keepers].map((key) => [witnessName(key), key]));
  return hub.said.cosigned.flatMap((note, i) => {
    const said = peekCheckpoint(note);
    const opened = said && openCheckpoint(note, { name: said.origin, key: hub.key });
    const [name] = /^\u2014 (cairn-practice-\S+) \S+$/m.exec(note)?.slice(1) ?? [];
    const ofWitnesses = name === undefined; // whose keys a policy names, and no log
    const keeper = keepers.get(name ?? "");
    const key = keeper === undefined ? null : publicKey(Buffer.from(keeper, "hex"));
    const at = key && cosignedAt(note, { name: name ?? "", key });
    if (!opened || (!ofWitnesses && !at)) {
      found.problem(
        "hub-log-forked",
        hub.name,
        `the countersigned checkpoint ${i + 1} beside it is not its own with the signature of a practice that it enrolled`,
      );
      return [];
    }
    const { origin, size } = opened;
    const root = opened.root.toString("hex");
    const log = hub.logs.find((each) => each.origin === origin);
    if (!log || size > log.size)
      found.problem(
        "hub-log-cut",
        hub.name,
        `it keeps a countersigned checkpoint of ${size} entries of ${origin}, and ${log ? `ends at ${log.size}` : "does not hold that log"}`,
      );
    else if (log.rootAt(size) !== root)
      found.problem(
        "hub-log-rewritten",
        hub.name,
        `its first ${size} entries are not those of the countersigned checkpoint that it keeps: some were changed, left out or moved`,
      );
    return keeper === undefined || !at ? [] : [{ origin, size, root, keeper, at: at.getTime() }];
  });
}

/** Checks that a practice's countersignatures are in its own log too, unless that was put back from a backup. */
export function checkKeptCheckpoints(
  found: Findings,
  { log, name, rawKey }: PracticeSide,
  kept: readonly Kept[],
  moments: Moments,
): void {
  const told = new Set(
    log.entries
      .filter(isCountersigned)
      .map(({ body: { origin, size, root } }) => `${origin} ${size} ${root}`),
  );
  const restored = log.entries.filter(({ kind }) => kind === "restored").map(({ at }) => at);
  for (const { origin, size, root, keeper, at } of kept) {
    if (keeper !== rawKey || told.has(`${origin} ${size} ${root}`)) continue;
    if (!moments.practiceMustTellOwn(at) || restored.some((time) => at <= time)) continue;
    found.problem(
      "practice-log-cut",
      name,
      `it countersigned ${size} entries of the hub's log at ${new Date(at).toISOString()}, before this export, and does not tell of it`,
    );
  }
}

function witnessName(keeper: string): string {
  return `cairn-practice-${createHash("sha256").update(Buffer.from(keeper, "hex")).digest("hex").slice(0, 16)}`;
}
