/** Compares the releases that the hub received with the log of their practice. */
import type { Entry } from "@cairn/audit-log";
import { plural } from "../../say.js";
import { releaseName, text, timeOf, whole, type Findings } from "../findings.js";
import type { Moments } from "../moments.js";
import { CLOCK_TOLERANCE_MS } from "../moments.js";
import type { HubEntry, HubSide, PracticeSide } from "../sides.js";

export interface AgreedReleases {
  /** The entry of the practice's log for each release received, by the hub's entry. */
  readonly received: ReadonlyMap<HubEntry, Entry>;
  /** Received after the practice's log was exported. */
  readonly later: number;
}

/** Kinds of the hub's entries that bear a root of the practice's log, and what stands at that place there. */
const SENT: Readonly<Record<string, readonly string[]>> = {
  "release-received": ["released"],
  "release-withdrawn": ["withdrawn", "correction-allowed"],
  "correction-allowed": ["correction-allowed"],
  "use-received": ["use"],
  "use-ended": ["use-ended"],
};
/** Entries that a keeper which came back from a backup logged in place of lost ones. */
const GIVEN_BACK: Readonly<Record<string, readonly string[]>> = {
  "release-received": ["release-given-back"],
  "release-withdrawn": ["withdrawal-given-back"],
  "correction-allowed": ["correction-given-back"],
  "use-received": ["use-given-back"],
  "use-ended": ["use-given-back", "use-ended-given-back"],
};
const WORDS: Readonly<Record<string, string>> = {
  "release-received": "a release",
  "release-withdrawn": "a withdrawal",
  "correction-allowed": "a correction",
  "use-received": "a use",
  "use-ended": "the end of a use",
};

export function checkSent(
  found: Findings,
  hub: HubSide,
  practice: PracticeSide,
  moments: Moments,
): AgreedReleases {
  const restore = restoreOf(practice.log.entries);
  const received = new Map<HubEntry, Entry>();
  let later = 0;
  for (const entry of hub.entries) {
    if (SENT[entry.kind] === undefined || entry.keeper !== practice.rawKey) continue;
    const own = ownEntry(practice, restore, entry);
    if (own) {
      if (entry.kind === "release-received") received.set(entry, own);
      checkRoot(found, practice, restore, entry, own);
      checkOrder(found, hub, entry, own);
    } else if (whole(entry, "practice_log_size") > practice.log.size && restore === null) {
      if (!moments.practiceMustTell(timeOf(entry))) later += entry.kind === "release-received" ? 1 : 0;
      else
        found.problem(
          "practice-log-cut",
          practice.name,
          `it ends at ${plural(practice.log.size, "entry", "entries")}, and the hub has had ${WORDS[entry.kind]} from its entry ${text(entry, "practice_log_index")} since before this export`,
          { run: text(entry, "run") },
        );
    } else if (!moments.practiceMustTell(timeOf(entry)) && restore !== null) {
      later += entry.kind === "release-received" ? 1 : 0;
    } else {
      found.problem(
        entry.kind.startsWith("use-")
          ? "use-unknown"
          : entry.kind === "release-received"
            ? "release-unknown"
            : "withdrawal-unknown",
        hub.name,
        `it tells of ${WORDS[entry.kind]} that the log of ${practice.name} does not tell of`,
        { entry: entry.position, run: text(entry, "run") },
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
  readonly givenBack: ReadonlyMap<string, Entry>; // by kind, group and release
  /** Entries before this place were in the backup; 0 where the log does not know. */
  readonly from: number;
  readonly at: number; // milliseconds since 1970: of the newest restore
}

/** The restore of a keeper from a backup; null where there was none. */
function restoreOf(entries: readonly Entry[]): Restore | null {
  const restores = entries.filter(({ kind }) => kind === "restored");
  const [first] = restores;
  if (!first) return null;
  const since = entries.slice(first.position);
  const given = since.filter(({ kind }) => kind.endsWith("-given-back"));
  const from = Math.min(...restores.map((entry) => (entry.body["copiedAt"] == null ? 0 : entry.position)));
  const givenBack = new Map(given.map((entry) => [nameOf(entry.kind, entry), entry]));
  return { givenBack, from, at: Math.max(...restores.map(timeOf)) };
}

function nameOf(kind: string, entry: Entry): string {
  return `${kind} ${text(entry, "group")} ${releaseName(entry)}`;
}

function ownEntry({ log }: PracticeSide, restore: Restore | null, sent: HubEntry): Entry | null {
  const entry = log.entries[whole(sent, "practice_log_index")];
  const kinds = SENT[sent.kind] ?? [];
  if (entry && kinds.includes(entry.kind) && nameOf("", entry) === nameOf("", sent)) return entry;
  const given = (GIVEN_BACK[sent.kind] ?? []).map((kind) => restore?.givenBack.get(nameOf(kind, sent)));
  return given.find((each) => each !== undefined) ?? null;
}

/** Under the root that it was sent with: the log before it is what it was then. */
function checkRoot(
  found: Findings,
  { log, name }: PracticeSide,
  restore: Restore | null,
  sent: HubEntry,
  own: Entry,
): void {
  if (own.kind.endsWith("-given-back")) return;
  const size = whole(sent, "practice_log_size");
  const holds =
    size > own.position && size <= log.size && log.rootAt(size) === text(sent, "practice_log_root");
  const lost = restore && size > restore.from && timeOf(sent) <= restore.at + CLOCK_TOLERANCE_MS;
  if (holds || lost) return;
  found.problem(
    "practice-log-rewritten",
    name,
    `its entries up to ${size} are not those from which this was sent to the hub: some were changed, left out or moved`,
    { entry: own.position, run: text(sent, "run") },
  );
}

/** Nothing is received before it was sent. */
function checkOrder(found: Findings, { name }: HubSide, sent: HubEntry, own: Entry): void {
  if (own.kind.endsWith("-given-back") || timeOf(sent) >= timeOf(own) - 2 * CLOCK_TOLERANCE_MS) return;
  found.problem(
    "back-dated",
    name,
    `it says that it received this at ${sent.time}, and the practice made it at ${own.time}`,
    { entry: sent.position, run: text(sent, "run") },
  );
}
