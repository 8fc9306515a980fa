/**
 * Was what a practice released allowed at that moment: answered from a signed library in date, under an acceptance by a
 * person or by a rule in force, not declined, not during a pause, and for each group under a use of a member.
 */
import type { Entry } from "@cairn/audit-log";
import { releaseName, text, timeOf, type Findings } from "../findings.js";
import type { HubSide, PracticeSide } from "../sides.js";

/** Time in ms for which accepted queries go on after their library expired. */
const GOES_ON_MS = 30 * 86_400_000;
/** Lifetime of libraries in ms, for hubs of versions whose practices did not log it. */
const LIVED_MS = 180 * 86_400_000;
const DAY_MS = 86_400_000;

/** The decisions that the practice's log holds up to the present entry. */
class Standing {
  readonly libraries = new Map<string, number>(); // digest: when it expires
  inForceUntil = NaN; // of the newest library
  readonly accepted = new Map<string, Set<string>>(); // query digest: groups
  readonly declined = new Map<string, Map<string, number>>(); // query: group ("" for all): the entry's number
  readonly offered = new Map<string, number>(); // query digest and group: when
  readonly rules = new Map<string, string>(); // group, or any
  readonly members = new Set<string>();
  readonly started = new Map<string, number>(); // run: the entry's number
  readonly released = new Map<string, Entry>(); // by release
  readonly withdrawn = new Set<string>(); // releases
  paused = false;
  /** Number of the first entry of a version that writes down members and uses; Infinity before it. */
  usesSince = Infinity;
}

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

function tellsOfUses({ kind }: Entry): boolean {
  return kind === "use" || kind === "use-ended" || kind.startsWith("group-");
}

function follow(
  found: Findings,
  practice: PracticeSide,
  is: Standing,
  entry: Entry,
  published: ReadonlyMap<string, number>,
): void {
  switch (entry.kind) {
    case "library-verified":
      return library(is, entry, published);
    case "query-offered":
      is.offered.set(`${text(entry, "digest")} ${text(entry, "group")}`, timeOf(entry));
      return;
    case "query-accepted":
      return acceptance(found, practice, is, entry);
    case "query-declined":
      return declines(is, text(entry, "query")).set(text(entry, "group"), entry.position) && undefined;
    case "rule-set":
      is.rules.set(text(entry, "group"), text(entry, "rule"));
      return;
    case "paused":
    case "resumed":
      is.paused = entry.kind === "paused";
      return;
    case "group-joined":
    case "group-carried-over":
      is.members.add(text(entry, "group"));
      return;
    case "group-left":
      is.members.delete(text(entry, "group"));
      return;
    case "run-started":
      is.started.set(text(entry, "run"), entry.position);
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
  }
}

function library(is: Standing, entry: Entry, published: ReadonlyMap<string, number>): void {
  const digest = text(entry, "digest");
  const said = Date.parse(text(entry, "expires"));
  const expires = Number.isNaN(said) ? (published.get(digest) ?? timeOf(entry)) + LIVED_MS : said;
  is.libraries.set(digest, expires);
  is.inForceUntil = expires;
}

function acceptance(found: Findings, { name }: PracticeSide, is: Standing, entry: Entry): void {
  const [query, digest, group, by] = ["query", "digest", "group", "by"].map((field) =>
    text(entry, field),
  ) as [string, string, string, string];
  const at = { entry: entry.position };
  // Versions before there were uses lifted a decline for every group.
  if (group === "" || (by === "a person" && entry.position < is.usesSince)) declines(is, query).clear();
  else lift(declines(is, query), group, entry.position);
  if (by.trim() === "")
    found.problem(
      "acceptance-missing",
      name,
      `${query} was accepted${group === "" ? "" : ` for ${group}`}, and the log does not name who accepted it`,
      at,
    );
  if (digest === "") return; // a decline taken back: what was accepted before is again
  const groups = is.accepted.get(digest) ?? new Set();
  is.accepted.set(digest, groups.add(group));
  if (is.libraries.size === 0)
    found.problem(
      "library-missing",
      name,
      `${query} was accepted for ${group} before any signed library was verified`,
      at,
    );
  else if (timeOf(entry) > is.inForceUntil)
    found.problem(
      "library-expired",
      name,
      `${query} was accepted for ${group} after its library had expired`,
      at,
    );
  if (by.startsWith("rule ")) ruleHolds(found, name, is, entry, by.slice("rule ".length));
}

/** Accepting for one group leaves a decline for all as it is for the others. */
function lift(declined: Map<string, number>, group: string, position: number): void {
  declined.delete(group);
  if (declined.has("")) declined.set(`+${group}`, position);
}

function ruleHolds(found: Findings, name: string, is: Standing, entry: Entry, rule: string): void {
  const [digest, group] = [text(entry, "digest"), text(entry, "group")];
  const inForce = is.rules.get(group) ?? is.rules.get("any") ?? "ask";
  const at = { entry: entry.position };
  if (rule !== inForce) {
    const words = `${text(entry, "query")} was accepted for ${group} by the rule ${rule}, and the rule in force was ${inForce}`;
    found.problem("rule-unknown", name, words, at);
    return;
  }
  const days = Number(/^accept-after: (\d+) days$/.exec(rule)?.[1] ?? 0);
  const offered = is.offered.get(`${digest} ${group}`);
  if (days === 0 || (offered !== undefined && timeOf(entry) - offered >= days * DAY_MS)) return;
  const words = `${text(entry, "query")} was accepted for ${group} before the ${days} days of its rule were over`;
  found.problem("rule-unknown", name, words, at);
}

function release(found: Findings, { name }: PracticeSide, is: Standing, entry: Entry): void {
  const [run, query, digest] = [text(entry, "run"), text(entry, "query"), text(entry, "queryDigest")];
  const at = { entry: entry.position, run };
  const expires = is.libraries.get(text(entry, "libraryDigest"));
  if (expires === undefined)
    found.problem(
      "library-missing",
      name,
      `${query} was released from a library that this log never verified`,
      at,
    );
  else if (timeOf(entry) > expires + GOES_ON_MS)
    found.problem(
      "library-expired",
      name,
      `${query} was released more than 30 days after its library had expired`,
      at,
    );
  // Practices of versions before there were uses answered the date that the hub gave.
  if (entry.position >= is.usesSince && !isOverMonthEnd(text(entry, "date"), timeOf(entry)))
    found.problem(
      "date-wrong",
      name,
      `${query} was released for a date (${text(entry, "date") || "none"}) that is not the end of a month that was over`,
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
function ranBefore(is: Standing, run: string, declined: ReadonlyMap<string, number>, entry: Entry): boolean {
  const started = is.started.get(run) ?? Infinity;
  return entry.position < is.usesSince && [...declined.values()].every((position) => started < position);
}

function use(found: Findings, { name }: PracticeSide, is: Standing, entry: Entry): void {
  const [run, group] = [text(entry, "run"), text(entry, "group")];
  const at = { entry: entry.position, run };
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
  const [query, digest] = [text(released, "query"), text(released, "queryDigest")];
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
  const used = new Set(log.entries.filter(({ kind }) => kind === "use").map(releaseName));
  for (const entry of log.entries.slice(Math.min(is.usesSince, log.size)))
    if (entry.kind === "released" && !used.has(releaseName(entry)))
      found.problem(
        "use-missing",
        name,
        `${text(entry, "query")} was released, and for no group does it say so`,
        {
          entry: entry.position,
          run: text(entry, "run"),
        },
      );
}

function declines(is: Standing, query: string): Map<string, number> {
  const known = is.declined.get(query) ?? new Map<string, number>();
  is.declined.set(query, known);
  return known;
}

function isDeclined(declined: ReadonlyMap<string, number>, group: string): boolean {
  if (declined.has(group)) return true;
  const forAll = declined.get("");
  return forAll !== undefined && (declined.get(`+${group}`) ?? -1) < forAll;
}

function publishedAt(hub: HubSide | null): ReadonlyMap<string, number> {
  const published = (hub?.entries ?? []).filter(({ kind }) => kind === "library-published");
  return new Map(published.map((entry) => [text(entry, "digest"), timeOf(entry)]));
}

/** Checks that the hub's own log has the library of each release, before it. */
export function checkPublished(found: Findings, hub: HubSide, received: ReadonlyMap<Entry, Entry>): void {
  const published = new Set<string>();
  for (const entry of hub.entries) {
    if (entry.kind === "library-published") published.add(text(entry, "digest"));
    const own = received.get(entry);
    if (own?.kind !== "released" || published.has(text(own, "libraryDigest")) || hub.logs.length > 1)
      continue;
    found.problem(
      "library-missing",
      hub.name,
      `it received an answer from a library that it never published`,
      {
        entry: entry.position,
        run: text(entry, "run"),
      },
    );
  }
}
