/** The register of data uses: a row for each group and query version, from charters, the signed library and the logs. */
import { floorWords, recipients, type Charter } from "@cairn/charters";
import { addMonths, dayNumber, isoDate, type Query } from "@cairn/query-library";
import { plural } from "../cross-check/findings.js";
import type { QueryName } from "../report/lines.js";
import type { GivenFiles, GivenHub } from "./given.js";
import { groupCharters, type GroupCharter } from "./group-charters.js";
import { namedWords } from "./named.js";
import { printable } from "./paper.js";

/** Text in the place of what no export that was given tells. */
const UNKNOWN = "not known from these exports";
const NO_CHARTER = "no charter";

/** Dates are days, ISO; "" where there is none. */
export interface RegisterRow {
  readonly group: string;
  readonly query: string;
  readonly version: string;
  readonly title: string;
  readonly question: string;
  readonly controller: string;
  readonly purpose: string; // of the group
  readonly queryPurpose: string;
  readonly notFor: string;
  readonly lawfulBasis: string;
  readonly data: string;
  readonly optOuts: string;
  readonly keepFor: string;
  readonly keptUntil: string;
  readonly recipients: string;
  readonly askedFrom: string;
  readonly charterFrom: string;
  readonly charterTo: string;
  readonly releases: number | string;
  readonly firstRelease: string;
  readonly lastRelease: string;
  readonly charter: string; // digest
  readonly digest: string; // of the query
  readonly logs: string; // whether they hold, and of how many of its releases both sides were compared
}

/** The columns in their order, as a spreadsheet's first line has them. */
export const REGISTER_COLUMNS: Readonly<Record<keyof RegisterRow, string>> = {
  ...{ group: "group", query: "query", version: "version", title: "title", question: "question" },
  ...{ controller: "controller", purpose: "purpose", queryPurpose: "query_purpose", notFor: "not_for" },
  ...{ lawfulBasis: "lawful_basis", data: "data", optOuts: "opt_outs", keepFor: "keep_for" },
  ...{ keptUntil: "kept_until", recipients: "recipients", askedFrom: "asked_from" },
  ...{ charterFrom: "charter_from", charterTo: "charter_to", releases: "releases" },
  ...{ firstRelease: "first_release", lastRelease: "last_release", charter: "charter" },
  ...{ digest: "query_digest", logs: "logs" },
};

/** What logs tell of a group's use of a query version. */
interface Asked extends QueryName {
  readonly group: string;
  readonly from: string; // ISO 8601
  readonly uses: Map<string, string>; // release: when
  readonly sides: { readonly hub: Set<string>; readonly practices: Set<string> }; // whose logs tell of a release
}

/** Rows by group, then query and version. */
export function registerRows(given: GivenFiles): RegisterRow[] {
  const charters = groupCharters(given);
  const { asked, unplaced } = askedOf(given);
  return [...asked.values()]
    .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
    .map((each) => {
      const charter = charters.get(each.group)?.at(-1) ?? null;
      return printableRow({
        ...aboutQuery(each, given.query(each.digest)?.query ?? null),
        ...byCharter(charter, given, each),
        ...releasesOf(each, unplaced.has(each.group)),
        ...{ group: each.group, askedFrom: each.from.slice(0, 10), digest: each.digest },
        logs: logsWords(given, each, unplaced.get(each.group) ?? 0),
      });
    });
}

/** @param unplaced releases for the group of which no export says to what question they are */
function logsWords(
  { account, hub, practices }: GivenFiles,
  { uses, sides }: Asked,
  unplaced: number,
): string {
  if (!account.verified) return "they do not hold: see cairn audit verify";
  if (!hub || practices.length === 0) return withSealed("the side that was given holds by itself", hub);
  const compared = [...sides.hub].filter((use) => sides.practices.has(use)).length;
  const rest =
    unplaced > 0
      ? `; of the group ${unplaced} more, whose question is not known from these exports, ${unplaced === 1 ? "was" : "were"} not compared`
      : "";
  return withSealed(
    `they hold; ${compared} of ${plural(uses.size, "release")} compared, and agree${rest}`,
    hub,
  );
}

function withSealed(verdict: string, hub: GivenHub | null): string {
  return hub?.isSealed
    ? `${verdict}; releases of practices for which the hub's export is sealed are not counted`
    : verdict;
}

function sortKey({ group, query, version }: Asked): string {
  return JSON.stringify([group, query, version]);
}

/** @returns `unplaced`: by group, how many releases for it of which no export says to what question they are */
function askedOf({ hub, practices, runs }: GivenFiles): {
  readonly asked: ReadonlyMap<string, Asked>;
  readonly unplaced: ReadonlyMap<string, number>;
} {
  const asked = new Map<string, Asked>();
  const unplaced = new Map<string, number>();
  const of = (group: string, { query, version, digest }: QueryName, from: string): Asked => {
    const key = `${group} ${digest}`;
    const none = {
      uses: new Map<string, string>(),
      sides: { hub: new Set<string>(), practices: new Set<string>() },
    };
    const known = asked.get(key) ?? { group, query, version, digest, from, ...none };
    const earlier = known.from < from ? known : { ...known, from };
    asked.set(key, earlier);
    return earlier;
  };
  const tell = ({ uses, sides }: Asked, side: keyof Asked["sides"], use: string, time: string): void => {
    uses.set(use, time);
    sides[side].add(use);
  };
  for (const entry of hub?.entries ?? []) {
    if (entry.kind === "collection-opened") of(entry.body.group, entry.body, entry.time);
    if (entry.kind !== "use-received") continue;
    const { group, run, correction } = entry.body;
    const known = runs.get(run);
    if (known) tell(of(group, known, entry.time), "hub", `${run} ${correction}`, entry.time);
    else unplaced.set(group, (unplaced.get(group) ?? 0) + 1);
  }
  for (const entry of practices.flatMap(({ entries }) => entries)) {
    if (entry.kind === "query-offered") of(entry.body.group, entry.body, entry.time);
    if (entry.kind !== "use") continue;
    const { group, run, correction, query, version, query_digest: digest } = entry.body;
    tell(of(group, { query, version, digest }, entry.time), "practices", `${run} ${correction}`, entry.time);
  }
  return { asked, unplaced };
}

function aboutQuery({ query: name, version }: Asked, query: Query | null) {
  return {
    ...{ query: name, version },
    title: query?.title ?? UNKNOWN,
    question: query?.question ?? UNKNOWN,
    queryPurpose: query?.purpose ?? UNKNOWN,
  };
}

function byCharter(held: GroupCharter | null, given: GivenFiles, asked: Asked) {
  const charter = held?.charter ?? null;
  const absent = held === null ? NO_CHARTER : UNKNOWN;
  const say = (words: (charter: Charter) => string): string => (charter ? words(charter) : absent);
  const last = [...asked.uses.values()].toSorted().at(-1);
  return {
    controller: say(({ controller }) => controller),
    purpose: say(({ purpose }) => purpose),
    notFor: say(({ notFor }) => notFor ?? "the charter does not say"),
    lawfulBasis: say(({ lawfulBasis }) => lawfulBasis),
    data: dataWords(given.query(asked.digest)?.query ?? null, charter),
    optOuts:
      held !== null && charter?.optOuts !== "left-out"
        ? say(
            () =>
              "people with a type 1 opt-out in their record are counted where the practice chooses it, and else left out",
          )
        : "people with a type 1 opt-out in their record are left out",
    keepFor: say(({ keepFor }) => `${keepFor} months`),
    keptUntil: say(({ keepFor }) => (last === undefined ? "" : monthsAfter(last, keepFor))),
    recipients: say((each) => [...recipients(each), ...namedTo(given, asked.group)].join("; ")),
    charterFrom: held?.from.slice(0, 10) ?? "",
    charterTo: held?.to?.slice(0, 10) ?? "",
    charter: held?.digest ?? "",
  };
}

/** Who is named by consent, behind the recipients; nothing where nobody is. */
function namedTo({ hub }: GivenFiles, group: string): string[] {
  const named = hub === null ? [] : namedWords(hub, group);
  return named.length === 0 ? [] : [`named by their consent: ${named.join("; ")}`];
}

/** The kind of data that leaves: counts, of what, and split by what. */
function dataWords(query: Query | null, charter: Charter | null): string {
  if (query === null) return UNKNOWN;
  const splits = [...new Set(query.splitBy.flat().map(({ key }) => SPLITS[key]))];
  const by = splits.length === 0 ? "" : `, by ${splits.join(", ")}`;
  const floor = charter ? `; ${floorWords(charter.floor)}, or more strictly` : "; small counts are withheld";
  return `counts of ${UNITS[query.unit]}${by}, made from health records at the practice${floor}; no record leaves`;
}

const UNITS: Readonly<Record<Query["unit"], string>> = {
  people: "people",
  events: "entries in records",
  items: "issues of medicines",
  quantity: "quantities of medicines",
};
const SPLITS = {
  sex: "sex",
  age_band: "age band",
  deprivation_fifth: "deprivation fifth",
  ethnic_group: "ethnic group",
} as const;

function releasesOf({ uses }: Asked, isUnplaced: boolean) {
  const times = [...uses.values()].toSorted();
  if (times.length === 0 && isUnplaced)
    return { releases: UNKNOWN, firstRelease: UNKNOWN, lastRelease: UNKNOWN };
  return {
    releases: times.length,
    firstRelease: times[0]?.slice(0, 10) ?? "",
    lastRelease: times.at(-1)?.slice(0, 10) ?? "",
  };
}

function monthsAfter(time: string, months: number): string {
  return isoDate(addMonths(dayNumber(time.slice(0, 10)), months));
}

function printableRow(row: RegisterRow): RegisterRow {
  const cells = Object.entries(row).map(([name, value]: [string, string | number]) => [
    name,
    typeof value === "string" ? printable(value) : value,
  ]);
  return Object.fromEntries(cells) as RegisterRow;
}
