/**
 * Checks that the hub logged everything that the practice sent: the reverse of what the hub took and the practice
 * holds a receipt for.
 */
import type { HubEntry } from "../../hub-log.js";
import type { PracticeEntryOf } from "../../practice-log.js";
import { nameOf, releaseName, type Findings } from "../findings.js";
import type { Moments } from "../moments.js";
import type { HubSide, PracticeLine, PracticeSide } from "../sides.js";
import { calledBackBy, withdrawals } from "./called-back.js";
import { isReceipt, namesAtHub, taken } from "./receipts.js";
import { tellsOfUses } from "./standing.js";

/** Time in ms for which a message may be under way while the hub takes later ones. */
const UNDER_WAY_MS = 86_400_000;

type Told = PracticeEntryOf<"released" | "withdrawn" | "use" | "useEnded">;

/** The entry that the hub logs for each kind of entry of the practice's. */
const AT_HUB: Readonly<Record<Told["kind"], HubEntry["kind"]>> = {
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
  const { log, withHub } = practice;
  const known = namesAtHub(hub);
  const receipted = new Set(withHub.filter(isReceipt).map((receipt) => nameOf(taken(receipt), receipt)));
  const takenLater = latestTaken(withHub, moments);
  const isDue = dueOf(log.entries, known);
  for (const entry of withHub) {
    if (!isTold(entry)) continue;
    const name = nameOf(AT_HUB[entry.kind], entry);
    if (known.has(name) || receipted.has(name) || !takenLater(entry) || !isDue(entry)) continue;
    found.problem(
      "not-written-down",
      practice.name,
      `it tells of ${wordsOf(entry)} that the hub's log does not tell of, though the hub took what was made more than a day later`,
      { entry: entry.position, run: entry.body.run },
    );
  }
}

function isTold(entry: PracticeLine): entry is Told {
  return entry.kind !== null && entry.kind in AT_HUB;
}

function wordsOf(entry: Told): string {
  if (entry.kind === "released") return "a release";
  if (entry.kind === "withdrawn") return "a withdrawal";
  const { group } = entry.body;
  return entry.kind === "use" ? `the use of ${group}` : `the end of the use of ${group}`;
}

/** Was something made after an entry taken by the hub a day on, while nothing was held back by a pause? */
function latestTaken(entries: readonly PracticeLine[], moments: Moments): (entry: Told) => boolean {
  const made = new Map<string, number>(); // by what the hub calls it: the newest entry's place
  const later: { readonly made: number; readonly at: number; readonly since: number }[] = [];
  let paused = false;
  let resumed = -Infinity;
  for (const entry of entries) {
    if (entry.kind === "paused") paused = true;
    if (entry.kind === "resumed") [paused, resumed] = [false, entry.at];
    if (isTold(entry)) made.set(nameOf(AT_HUB[entry.kind], entry), entry.position);
    if (!isReceipt(entry)) continue;
    const place = made.get(nameOf(taken(entry), entry));
    if (place === undefined || paused || !moments.hubMustTell(entry.at)) continue;
    later.push({ made: place, at: entry.at, since: resumed });
  }
  later.reverse(); // the newest first: it shows most
  return (entry) =>
    later.some(
      ({ made: place, at, since }) => place > entry.position && at - Math.max(since, entry.at) > UNDER_WAY_MS,
    );
}

/** Whether the hub must have an entry: it was sent, and no later one replaces it. */
function dueOf(entries: readonly PracticeLine[], known: ReadonlySet<string>): (entry: Told) => boolean {
  const withdrawn = withdrawals(entries);
  const calledBack = calledBackBy(entries);
  const newest = new Map<string, PracticeEntryOf<"use" | "useEnded">>(); // of the uses, by group and release
  const own = new Set<string>(); // releases made since this log tells of uses: those before are the hub's already
  let since = false;
  for (const entry of entries) {
    since ||= tellsOfUses(entry);
    if (entry.kind === "use" || entry.kind === "use-ended") newest.set(nameOf("", entry), entry);
    if (entry.kind === "released" && since) own.add(releaseName(entry));
  }
  const used = new Set(
    [...newest.values()].filter(({ kind }) => kind === "use").map((entry) => releaseName(entry)),
  );
  return (entry) => {
    const release = releaseName(entry);
    const isAtHub = known.has(nameOf("release-received", { body: { ...entry.body, group: "" } }));
    if (entry.kind === "withdrawn") return isAtHub;
    if (withdrawn.has(release)) return false;
    if (entry.kind === "released") return used.has(release) && calledBack(entry) === null;
    return isAtHub && own.has(release) && newest.get(nameOf("", entry)) === entry;
  };
}
