/**
 * Was what a practice released allowed at that moment: answered from a signed library in date, under an acceptance by a
 * person or by a rule in force, not declined, not during a pause, and for each group under a use of a member.
 */
import type { PracticeEntryOf } from "../../practice-log.js";
import { releaseName, type Findings } from "../findings.js";
import type { HubSide, PracticeLine, PracticeSide } from "../sides.js";
import { checkAcceptance } from "./acceptances.js";
import type { OwnRelease, ReceivedRelease } from "./releases.js";
import { declines, isDeclined, Standing, tellsOfUses } from "./standing.js";

/** Time in ms for which accepted queries go on after their library expired. */
const GOES_ON_MS = 30 * 86_400_000;
/** Lifetime of libraries in ms, for hubs of versions whose practices did not log it. */
const LIVED_MS = 180 * 86_400_000;
const DAY_MS = 86_400_000;

/**
 * Checks each release against the decisions before it.
 * @param hub null where its log does not hold: then the practice's log is taken by itself.
 */
export function checkAllowed(found: Findings, practice: PracticeSide, hub: HubSide | null): void {
  const published = publishedAt(hub);
  const is = new Standing();
  for (const entry of practice.log.entries) {
    if (is.usesSince === Infinity && tellsOfUses(entry)) is.usesSince = entry.position;
    follow(found, practice, is, entry, published);
  }
  checkEachHasUse(found, practice, is);
}

function follow(
  found: Findings,
  practice: PracticeSide,
  is: Standing,
  entry: PracticeLine,
  published: ReadonlyMap<string, number>,
): void {
  switch (entry.kind) {
    case "library-verified":
    case "library-renewed":
      return library(is, entry, published);
    case "query-offered":
      is.offered.set(`${entry.body.digest} ${entry.body.group}`, entry.at);
      return;
    case "query-accepted":
      return checkAcceptance(found, practice, is, entry);
    case "query-declined":
      return declines(is, entry.body.query).set(entry.body.group ?? "", entry.position) && undefined;
    case "rule-set":
      is.rules.set(entry.body.group, entry.body.rule);
      return;
    case "paused":
    case "resumed":
      is.paused = entry.kind === "paused";
      return;
    case "group-joined":
      is.members.add(entry.body.group);
      return;
    case "charter-accepted":
      is.charters.set(entry.body.group, { digest: entry.body.charter, rule: entry.body.rule });
      return;
    case "group-left":
      is.members.delete(entry.body.group);
      is.charters.delete(entry.body.group);
      return;
    case "run-started":
      is.started.set(entry.body.run, entry.position);
      return;
    case "release-given-back":
      is.released.set(releaseName(entry), entry);
      return;
    case "released":
      is.released.set(releaseName(entry), entry);
      return release(found, practice, is, entry);
    case "withdrawn":
    case "withdrawal-given-back":
      return is.withdrawn.add(releaseName(entry)) && undefined;
    case "use":
      return use(found, practice, is, entry);
    default: // says nothing of what is allowed
  }
}

function library(
  is: Standing,
  { at, body }: PracticeEntryOf<"libraryVerified" | "libraryRenewed">,
  published: ReadonlyMap<string, number>,
): void {
  const { digest } = body;
  const expires = body.expires === null ? (published.get(digest) ?? at) + LIVED_MS : Date.parse(body.expires);
  is.libraries.set(digest, expires);
  is.inForceUntil = expires;
  is.library = body.version;
}

function release(
  found: Findings,
  { name }: PracticeSide,
  is: Standing,
  entry: PracticeEntryOf<"released">,
): void {
  const { run, query, query_digest: digest, library_digest: libraryDigest, date } = entry.body;
  const at = { entry: entry.position, run };
  const expires = is.libraries.get(libraryDigest);
  if (expires === undefined)
    found.problem(
      "library-missing",
      name,
      `${query} was released from a library that this log never verified`,
      at,
    );
  else if (entry.at > expires + GOES_ON_MS)
    found.problem(
      "library-expired",
      name,
      `${query} was released more than 30 days after its library had expired`,
      at,
    );
  // Practices of versions before there were uses answered the date that the hub gave.
  if (entry.position >= is.usesSince && !isOverMonthEnd(date, entry.at))
    found.problem(
      "date-wrong",
      name,
      `${query} was released for a date (${date || "none"}) that is not the end of a month that was over`,
      at,
    );
  const groups = [...(is.accepted.get(digest) ?? [])];
  const declined = declines(is, query);
  if (groups.length === 0)
    found.problem(
      "acceptance-missing",
      name,
      `${query} was released, and nothing before it says that this version was accepted`,
      at,
    );
  else if (groups.every((group) => isDeclined(declined, group)) && !ranBefore(is, run, declined, entry))
    found.problem("declined", name, `${query} was released after the practice had declined it`, at);
  if (is.paused) found.problem("paused", name, `${query} was released while the practice had paused`, at);
}

/** Every period of a query ends with a month; a hub's clock or time zone may be a day ahead. */
function isOverMonthEnd(date: string, at: number): boolean {
  const day = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : NaN;
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== date) return false;
  return new Date(day + DAY_MS).getUTCDate() === 1 && day <= at + DAY_MS;
}

/** Versions before there were uses let a run end that had begun before its query was declined. */
function ranBefore(
  is: Standing,
  run: string,
  declined: ReadonlyMap<string, number>,
  entry: PracticeLine,
): boolean {
  const started = is.started.get(run) ?? Infinity;
  return entry.position < is.usesSince && [...declined.values()].every((position) => started < position);
}

function use(found: Findings, { name }: PracticeSide, is: Standing, entry: PracticeEntryOf<"use">): void {
  const { run, group, charter } = entry.body;
  const at = { entry: entry.position, run };
  const accepted = is.charters.get(group)?.digest ?? "";
  if (charter !== accepted) {
    const under = (digest: string): string => (digest === "" ? "none" : digest.slice(0, 16));
    const words = `it gives ${group} a use under the charter ${under(charter)}, and the one accepted by then was ${under(accepted)}`;
    found.problem("charter-missing", name, words, at);
  }
  const released = is.released.get(releaseName(entry));
  if (!released) {
    found.problem("use-unknown", name, `it gives ${group} the use of a release that it does not tell of`, at);
    return;
  }
  if (is.withdrawn.has(releaseName(entry)))
    found.problem(
      "use-unknown",
      name,
      `it gives ${group} the use of a release that it had withdrawn before`,
      at,
    );
  if (is.paused && released.position >= is.usesSince)
    found.problem("paused", name, `it gives ${group} a use while the practice had paused`, at);
  if (!is.members.has(group))
    found.problem(
      "member-missing",
      name,
      `it gives ${group} a use, and nothing before it says that this group was accepted`,
      at,
    );
  const { query, query_digest: digest } = released.body;
  if (!is.accepted.get(digest)?.has(group))
    found.problem(
      "acceptance-missing",
      name,
      `it gives ${group} a use of ${query}, which was not accepted for that group`,
      at,
    );
  else if (isDeclined(declines(is, query), group))
    found.problem(
      "declined",
      name,
      `it gives ${group} a use of ${query}, which was declined for that group`,
      at,
    );
}

/** Checks that each release has a use, from the first entry on that mentions members or uses. */
function checkEachHasUse(found: Findings, { log, name }: PracticeSide, is: Standing): void {
  const used = new Set(log.entries.flatMap((entry) => (entry.kind === "use" ? releaseName(entry) : [])));
  for (const entry of log.entries.slice(Math.min(is.usesSince, log.size)))
    if (entry.kind === "released" && !used.has(releaseName(entry)))
      found.problem(
        "use-missing",
        name,
        `${entry.body.query} was released, and for no group does it say so`,
        {
          entry: entry.position,
          run: entry.body.run,
        },
      );
}

function publishedAt(hub: HubSide | null): ReadonlyMap<string, number> {
  const published = (hub?.entries ?? []).filter((entry) => entry.kind === "library-published");
  return new Map(published.map(({ body, at }) => [body.digest, at]));
}

/** Checks that the hub's own log has the library of each release, before it. */
export function checkPublished(
  found: Findings,
  hub: HubSide,
  { withHub }: PracticeSide,
  received: ReadonlyMap<ReceivedRelease, OwnRelease>,
): void {
  const answered = new Set<PracticeLine>(withHub);
  const published = new Set<string>();
  for (const entry of hub.entries) {
    if (entry.kind === "library-published") published.add(entry.body.digest);
    if (entry.kind !== "release-received") continue;
    const own = received.get(entry);
    if (own?.kind !== "released" || published.has(own.body.library_digest) || hub.logs.length > 1) continue;
    if (!answered.has(own)) continue; // from another hub's library, and given again
    found.problem(
      "library-missing",
      hub.name,
      `it received an answer from a library that it never published`,
      {
        entry: entry.position,
        run: entry.body.run,
      },
    );
  }
}
