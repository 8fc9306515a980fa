/**
 * Checks that the hub logged everything that the practice sent: the reverse of what the hub took and the practice
 * holds a receipt for.
 */
import type { Entry } from "@cairn/audit-log";
import { releaseName, text, timeOf, type Findings } from "../findings.js";
import type { Moments } from "../moments.js";
import type { HubSide, PracticeSide } from "../sides.js";
import { calledBackBy, withdrawals } from "./called-back.js";
import { nameOf, taken } from "./receipts.js";

/** Time in ms for which a message may be under way while the hub takes later ones. */
const UNDER_WAY_MS = 86_400_000;

/** The entry that the hub logs for each kind of entry of the practice's. */
const AT_HUB: Readonly<Record<string, string>> = {
  released: "release-received",
  withdrawn: "release-withdrawn",
  use: "use-received",
  "use-ended": "use-ended",
};

/**
 * Names each release, withdrawal, use and end of a use without a receipt that the hub's log does not tell of, where the hub
 * took something that was made later, more than a day on. What was settled otherwise before it left needs no telling.
 */
export function checkWrittenDown(
  found: Findings,
  hub: HubSide,
  practice: PracticeSide,
  moments: Moments,
): void {
  const { entries } = practice.log;
  const known = new Set(hub.entries.map((entry) => nameOf(entry.kind, entry)));
  const receipted = new Set(entries.map((entry) => nameOf(taken(entry) ?? "", entry)));
  const takenLater = latestTaken(entries, moments);
  const isDue = dueOf(entries, known);
  for (const entry of entries) {
    const kind = AT_HUB[entry.kind];
    if (kind === undefined) continue;
    const name = nameOf(kind, entry);
    if (known.has(name) || receipted.has(name) || !takenLater(entry) || !isDue(entry)) continue;
    found.problem(
      "not-written-down",
      practice.name,
      `it tells of ${wordsOf(entry)} that the hub's log does not tell of, though the hub took what was made more than a day later`,
      { entry: entry.position, run: text(entry, "run") },
    );
  }
}

function wordsOf(entry: Entry): string {
  const group = text(entry, "group");
  if (entry.kind === "released") return "a release";
  if (entry.kind === "withdrawn") return "a withdrawal";
  return entry.kind === "use" ? `the use of ${group}` : `the end of the use of ${group}`;
}

/** Was something made after an entry taken by the hub a day on, while nothing was held back by a pause? */
function latestTaken(entries: readonly Entry[], moments: Moments): (entry: Entry) => boolean {
  const made = new Map<string, number>(); // by what the hub calls it: the newest entry's place
  const later: { readonly made: number; readonly at: number; readonly since: number }[] = [];
  let paused = false;
  let resumed = -Infinity;
  for (const entry of entries) {
    if (entry.kind === "paused") paused = true;
    if (entry.kind === "resumed") [paused, resumed] = [false, timeOf(entry)];
    const kind = AT_HUB[entry.kind];
    if (kind !== undefined) made.set(nameOf(kind, entry), entry.position);
    const took = taken(entry);
    const place = took === null ? undefined : made.get(nameOf(took, entry));
    if (place === undefined || paused || !moments.hubMustTell(timeOf(entry))) continue;
    later.push({ made: place, at: timeOf(entry), since: resumed });
  }
  later.reverse(); // the newest first: it shows most
  return (entry) =>
    later.some(
      ({ made: place, at, since }) =>
        place > entry.position && at - Math.max(since, timeOf(entry)) > UNDER_WAY_MS,
    );
}

/** Whether the hub must have an entry: it was sent, and no later one replaces it. */
function dueOf(entries: readonly Entry[], known: ReadonlySet<string>): (entry: Entry) => boolean {
  const withdrawn = withdrawals(entries);
  const calledBack = calledBackBy(entries);
  const newest = new Map<string, Entry>(); // of the uses, by group and release
  const own = new Set<string>(); // releases made since this log tells of uses: those before are the hub's already
  let tellsOfUses = false;
  for (const entry of entries) {
    tellsOfUses ||= entry.kind === "use" || entry.kind.startsWith("group-");
    if (entry.kind === "use" || entry.kind === "use-ended") newest.set(nameOf("", entry), entry);
    if (entry.kind === "released" && tellsOfUses) own.add(releaseName(entry));
  }
  const used = new Set(
    [...newest.values()].filter(({ kind }) => kind === "use").map((entry) => releaseName(entry)),
  );
  return (entry) => {
    const release = releaseName(entry);
    const isAtHub = known.has(nameOf("release-received", { ...entry, body: { ...entry.body, group: "" } }));
    if (entry.kind === "withdrawn") return isAtHub;
    if (withdrawn.has(release)) return false;
    if (entry.kind === "released") return used.has(release) && calledBack(entry) === null;
    return isAtHub && own.has(release) && newest.get(nameOf("", entry)) === entry;
  };
}
