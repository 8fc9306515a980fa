/** The register of data uses: a row for each group, query version and charter, from charters, the signed library and the logs. */
import { floorWords, recipients, type Charter } from "@cairn/charters";
import { addMonths, dayNumber, isoDate, leftOutWords, type Query } from "@cairn/query-library";
import { plural } from "../cross-check/findings.js";
import { askedOf, underEach, type AskedQuestion, type CharteredQuestion } from "./asked.js";
import type { GivenFiles, GivenHub } from "./given.js";
import { groupCharters } from "./group-charters.js";
import { consentWords, consentsIn, sealedConsentWords, type GroupConsents } from "./named.js";
import { printable } from "./paper.js";
import type { Period } from "./period.js";

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

/**
 * Rows by group, then query and version, then charter, the oldest first.
 * @param period whose charters and releases are told; what was asked only after it has no row
 */
export function registerRows(given: GivenFiles, period: Period = EVER): RegisterRow[] {
  const charters = groupCharters(given);
  const { asked, unplaced } = askedOf(given);
  const groups = [...new Set(asked.map(({ group }) => group))];
  const named = new Map(groups.map((group) => [group, given.hub && consentsIn(given.hub, group, period)]));
  return asked
    .filter(({ from }) => period.to === null || from.slice(0, 10) <= period.to)
    .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
    .flatMap((each) => underEach(each, charters.get(each.group) ?? [], period))
    .map((each) =>
      printableRow({
        ...aboutQuery(each, given.query(each.digest)?.query ?? null),
        ...byCharter(each, given, named.get(each.group) ?? null),
        ...releasesOf(each, unplaced.has(each.group)),
        ...{ group: each.group, askedFrom: each.from.slice(0, 10), digest: each.digest },
        logs: logsWords(given, each, unplaced.get(each.group) ?? 0),
      }),
    );
}

const EVER: Period = { from: null, to: null };

/** @param unplaced releases for the group of which no export says to what question they are */
function logsWords(
  { account, hub, practices }: GivenFiles,
  { uses, sides }: AskedQuestion,
  unplaced: number,
): string {
  if (!account.verified) return "they do not hold: see cairn audit verify";
  if (!hub || practices.length === 0) return withSealed("the side that was given holds by itself", hub);
  const compared = [...uses.keys()].filter((use) => sides.hub.has(use) && sides.practices.has(use)).length;
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

function sortKey({ group, query, version }: AskedQuestion): string {
  return JSON.stringify([group, query, version]);
}

function aboutQuery({ query: name, version }: AskedQuestion, query: Query | null) {
  return {
    ...{ query: name, version },
    title: query?.title ?? UNKNOWN,
    question: query?.question ?? UNKNOWN,
    queryPurpose: query?.purpose ?? UNKNOWN,
  };
}

/** @param named the practices that consented to be named in its group; null where no export of a hub was given */
function byCharter(
  { charter: held, ...asked }: CharteredQuestion,
  given: GivenFiles,
  named: GroupConsents | null,
) {
  const charter = held?.charter ?? null;
  const absent = held === null ? NO_CHARTER : UNKNOWN;
  const say = (words: (charter: Charter) => string): string => (charter ? words(charter) : absent);
  const last = timesOf(asked).at(-1);
  const query = given.query(asked.digest)?.query ?? null;
  return {
    controller: say(({ controller }) => controller),
    purpose: say(({ purpose }) => purpose),
    notFor: say(({ notFor }) => notFor ?? "the charter does not say"),
    lawfulBasis: say(({ lawfulBasis }) => lawfulBasis),
    data: dataWords(query, charter),
    optOuts: leftOut(query, held),
    keepFor: say(({ keepFor }) => `${keepFor} months`),
    keptUntil: say(({ keepFor }) => (last === undefined ? "" : monthsAfter(last, keepFor))),
    recipients: say((each) =>
      [...recipients(each), ...byConsent(named, held?.digest ?? "", each)].join("; "),
    ),
    charterFrom: held?.from.slice(0, 10) ?? "",
    charterTo: held?.to?.slice(0, 10) ?? "",
    charter: held?.digest ?? "",
  };
}

/** In the words of the query's explanation, narrowed by the charter that held. */
function leftOut(query: Query | null, held: CharteredQuestion["charter"]): string {
  if (held !== null && held.charter === null) return UNKNOWN;
  const mayCount = held?.charter?.optOuts === "counted";
  const by = query?.optOuts !== undefined ? "query" : mayCount ? null : "charter";
  return `left out: ${leftOutWords(by)}`;
}

/** Those whose names others may see, or might within the period, each under the charter that it consented under. */
function byConsent(named: GroupConsents | null, digest: string, charter: Charter): string[] {
  if (named === null) return [];
  const words = named.spans.filter((span) => span.charter === digest).map(consentWords);
  const told = words.length === 0 ? [] : [`named by their consent: ${words.join("; ")}`];
  return [...told, sealedConsentWords(named, charter) ?? []].flat();
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

function releasesOf(asked: AskedQuestion, isUnplaced: boolean) {
  const times = timesOf(asked);
  if (times.length === 0 && isUnplaced)
    return { releases: UNKNOWN, firstRelease: UNKNOWN, lastRelease: UNKNOWN };
  return {
    releases: times.length,
    firstRelease: times[0]?.slice(0, 10) ?? "",
    lastRelease: times.at(-1)?.slice(0, 10) ?? "",
  };
}

/** When each release was used first to last, ISO 8601. */
function timesOf({ uses }: AskedQuestion): string[] {
  return [...uses.values()].map(({ time }) => time).toSorted();
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
