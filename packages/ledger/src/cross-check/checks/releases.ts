/** Compares the releases that the hub received with the log of their practice. */
import type { HubEntry } from "../../hub-log.js";
import type { PracticeEntryOf } from "../../practice-log.js";
import { isOfRelease, nameOf, plural, type Findings, type ProblemCode } from "../findings.js";
import type { Moments } from "../moments.js";
import { CLOCK_TOLERANCE_MS } from "../moments.js";
import type { HubSide, PlacedEntry, PracticeLine, PracticeSide } from "../sides.js";

export interface AgreedReleases {
  /** The entry of the practice's log for each release received, by the hub's entry. */
  readonly received: ReadonlyMap<ReceivedRelease, OwnRelease>;
  /** Received after the practice's log was exported. */
  readonly later: number;
}

/** A practice's own entry of a release. */
export type OwnRelease = PracticeEntryOf<"released" | "releaseGivenBack">;
export type ReceivedRelease = Extract<PlacedEntry, { readonly kind: "release-received" }>;

/** The hub's entries that bear a root of the practice's log. */
type SentKind = Extract<
  HubEntry,
  { readonly body: { readonly practice_log_size: number | null; readonly run: string } }
>["kind"];
type Sent = Extract<PlacedEntry, { readonly kind: SentKind }>;
/** The practice's entries of the same. */
type Own = Extract<PracticeLine, { readonly body: { readonly correction: number } }>;
type OwnKinds = Readonly<Record<SentKind, readonly Own["kind"][]>>;

/** The entry of the practice's log at the place that the hub's entry names. */
const SENT: OwnKinds = {
  "release-received": ["released"],
  "release-withdrawn": ["withdrawn", "correction-allowed"],
  "correction-allowed": ["correction-allowed"],
  "use-received": ["use"],
  "use-ended": ["use-ended"],
};
/** Entries that a keeper which came back from a backup logged in place of lost ones. */
const GIVEN_BACK: OwnKinds = {
  "release-received": ["release-given-back"],
  "release-withdrawn": ["withdrawal-given-back"],
  "correction-allowed": ["correction-given-back"],
  "use-received": ["use-given-back"],
  "use-ended": ["use-given-back"],
};
const WORDS: Readonly<Record<SentKind, string>> = {
  "release-received": "a release",
  "release-withdrawn": "a withdrawal",
  "correction-allowed": "a correction",
  "use-received": "a use",
  "use-ended": "the end of a use",
};
const UNTOLD: Readonly<Record<SentKind, ProblemCode>> = {
  "release-received": "release-unknown",
  "release-withdrawn": "withdrawal-unknown",
  "correction-allowed": "withdrawal-unknown",
  "use-received": "use-unknown",
  "use-ended": "use-unknown",
};

export function checkSent(
  found: Findings,
  hub: HubSide,
  practice: PracticeSide,
  moments: Moments,
): AgreedReleases {
  const restore = restoreOf(practice.log.entries);
  const received = new Map<ReceivedRelease, OwnRelease>();
  let later = 0;
  for (const entry of hub.entries) {
    if (!isSent(entry) || entry.keeper !== practice.rawKey) continue;
    const own = ownEntry(practice, restore, entry);
    if (own) {
      if (entry.kind === "release-received" && isOwnRelease(own)) received.set(entry, own);
      checkRoot(found, practice, restore, entry, own);
      checkOrder(found, hub, entry, own);
    } else if ((entry.body.practice_log_size ?? 0) > practice.log.size && restore === null) {
      if (!moments.practiceMustTell(entry.at)) later += entry.kind === "release-received" ? 1 : 0;
      else
        found.problem(
          "practice-log-cut",
          practice.name,
          `it ends at ${plural(practice.log.size, "entry", "entries")}, and the hub has had ${WORDS[entry.kind]} from its entry ${entry.body.practice_log_index} since before this export`,
          { run: entry.body.run },
        );
    } else if (!moments.practiceMustTell(entry.at) && restore !== null) {
      later += entry.kind === "release-received" ? 1 : 0;
    } else {
      found.problem(
        UNTOLD[entry.kind],
        hub.name,
        `it tells of ${WORDS[entry.kind]} that the log of ${practice.name} does not tell of`,
        { entry: entry.position, run: entry.body.run },
      );
    }
  }
  if (later > 0)
    found.note(
      `The hub tells of ${plural(later, "release")} of ${practice.name} that came after its log was exported: not checked here, export the log again.`,
    );
  return { received, later };
}

interface Restore {
  readonly givenBack: ReadonlyMap<string, Own>; // by kind, group and release
  /** Entries before this place were in the backup; 0 where the log does not know. */
  readonly from: number;
  readonly at: number; // milliseconds since 1970: of the newest restore
}

/** The restore of a keeper from a backup; null where there was none. */
function restoreOf(entries: readonly PracticeLine[]): Restore | null {
  const restores = entries.filter((entry) => entry.kind === "restored");
  const [first] = restores;
  if (!first) return null;
  const since = entries.slice(first.position);
  const given = since.filter((entry) => isOfRelease(entry)).filter(isGivenBack);
  const from = Math.min(...restores.map(({ body, position }) => (body.copied_at === null ? 0 : position)));
  const givenBack = new Map(given.map((entry) => [nameOf(entry.kind, entry), entry]));
  return { givenBack, from, at: Math.max(...restores.map(({ at }) => at)) };
}

function isSent(entry: PlacedEntry): entry is Sent {
  return entry.kind !== null && entry.kind in SENT;
}

function isOwnRelease(own: Own): own is Own & OwnRelease {
  return own.kind === "released" || own.kind === "release-given-back";
}

const ALL_GIVEN_BACK: ReadonlySet<string> = new Set(Object.values(GIVEN_BACK).flat());

function isGivenBack({ kind }: Own): boolean {
  return ALL_GIVEN_BACK.has(kind);
}

function ownEntry({ log }: PracticeSide, restore: Restore | null, sent: Sent): Own | null {
  const entry = log.entries[sent.body.practice_log_index ?? -1];
  if (
    entry &&
    isOfRelease(entry) &&
    SENT[sent.kind].includes(entry.kind) &&
    nameOf("", entry) === nameOf("", sent)
  )
    return entry;
  const given = GIVEN_BACK[sent.kind].map((kind) => restore?.givenBack.get(nameOf(kind, sent)));
  return given.find((each) => each !== undefined) ?? null;
}

/** Under the root that it was sent with: the log before it is what it was then. */
function checkRoot(
  found: Findings,
  { log, name }: PracticeSide,
  restore: Restore | null,
  sent: Sent,
  own: Own,
): void {
  if (isGivenBack(own)) return;
  const size = sent.body.practice_log_size ?? NaN;
  const holds = size > own.position && size <= log.size && log.rootAt(size) === sent.body.practice_log_root;
  const lost = restore && size > restore.from && sent.at <= restore.at + CLOCK_TOLERANCE_MS;
  if (holds || lost) return;
  found.problem(
    "practice-log-rewritten",
    name,
    `its entries up to ${size} are not those from which this was sent to the hub: some were changed, left out or moved`,
    { entry: own.position, run: sent.body.run },
  );
}

/** Nothing is received before it was sent. */
function checkOrder(found: Findings, { name }: HubSide, sent: Sent, own: Own): void {
  if (isGivenBack(own) || sent.at >= own.at - 2 * CLOCK_TOLERANCE_MS) return;
  found.problem(
    "back-dated",
    name,
    `it says that it received this at ${sent.time}, and the practice made it at ${own.time}`,
    { entry: sent.position, run: sent.body.run },
  );
}
