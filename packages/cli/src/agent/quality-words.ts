/** The data-quality report, short enough for whoever made the extract; `--json` has all of it. */
import type { Quality } from "@cairn/records";
import { count, longDate, percent, wrap } from "@cairn/text";
import { plural } from "../say.js";

const LABEL = 12;
/** Number of years shown, the newest; older ones are in the JSON. */
const YEARS_SHOWN = 10;
const LISTS_SHOWN = 8;

/** The quality as lines of at most 80 characters. */
export function qualityWords(quality: Quality): string {
  const rows: [label: string, words: string][] = [
    ["This load", loadWords(quality.load)],
    ["People", peopleWords(quality.people)],
    ["Births", birthWords(quality.people)],
    ["Dates", impossibleWords(quality.people)],
    ["Not known", unknownWords(quality.people)],
    ["Events", eventWords(quality.events)],
    ["Newest", newestWords(quality.reach)],
    ["Usual", usualWords(quality.reach)],
    ["Old codes", oldCodeWords(quality)],
    ["by year", yearWords(quality)],
    ["Units", unitWords(quality)],
    ["Codelists", codelistWords(quality.codelists)],
  ];
  const lines = rows
    .filter(([, words]) => words !== "")
    .flatMap(([label, words]) => wrap(words, { first: `  ${label}`.padEnd(LABEL), rest: " ".repeat(LABEL) }));
  return [`Data quality of all records, ${longDate(quality.day)}`, ...lines].join("\n");
}

/** Says in one line without a full stop what the records hold, and which command says how good they are. */
export function holdingWords({ people, events, reach }: Quality): string {
  const newest = reach?.all ? `, the newest of ${longDate(reach.all.newest)}` : "";
  return `The records hold ${plural(people.patients, "patient")} and ${plural(events.events, "event")}${newest}; cairn agent status --quality shows their quality`;
}

function loadWords(load: Quality["load"]): string {
  return listed([
    some(load.added, "new"),
    some(load.corrected, "corrected"),
    some(load.deleted, "deleted"),
    some(load.moved ?? 0, "moved to another person"),
    some(load.repeated, "already here"),
    some(load.superseded, "given twice under one row id (the last counts)"),
    some(load.duplicates, "that say the same as another row (all kept)"),
  ]);
}

function peopleWords(people: Quality["people"]): string {
  return listed([
    count(people.patients),
    some(people.without_registration, "without a registration"),
    some(people.without_event, "without any event"),
  ]);
}

function birthWords({ birth, patients }: Quality["people"]): string {
  if (patients === birth.day) return "all held to the day";
  return listed([
    some(birth.day, "held to the day"),
    some(birth.month, "to the month (taken as its first day)"),
    some(birth.year, "to the year (taken as 1 July)"),
    some(birth.unknown, "not known"),
  ]);
}

function impossibleWords({ impossible }: Quality["people"]): string {
  if (impossible === undefined) return "";
  return listed([
    some(impossible.born_in_future, "born after today"),
    some(impossible.died_in_future, "who died after today"),
    some(impossible.died_before_birth, "who died before their birth"),
    some(impossible.registered_before_birth, "registered before their birth"),
    some(impossible.registered_in_future, "registered from a day after today"),
  ]);
}

function unknownWords(people: Quality["people"]): string {
  const share = (what: string, unknown: number): string =>
    unknown === 0 ? "" : `${what} of ${count(unknown)} (${percent(shareOf(unknown, people.patients))})`;
  return listed([
    share("sex", people.sex_unknown),
    share("ethnic group", people.ethnic_group_unknown),
    share("deprivation", people.deprivation_unknown),
  ]);
}

function eventWords(events: Quality["events"]): string {
  return listed([
    count(events.events),
    some(events.in_future, "dated in the future"),
    some(events.before_birth, "dated before birth"),
    some(events.without_code, "without a code"),
  ]);
}

/** Kinds that keep up with all events say their day alone. */
function newestWords(reach: Quality["reach"]): string {
  if (!reach?.all) return "";
  const { newest: last, usual_to: usualTo } = reach.all;
  const kinds = reach.kinds.map(({ kind, newest, usual_to: to }) => {
    const behind = to !== null && usualTo !== null && to.slice(0, 7) < usualTo.slice(0, 7);
    return `${KIND_WORDS[kind]} ${longDate(newest)}${behind ? ` (usual volume up to ${longDate(to)})` : ""}`;
  });
  return `${longDate(last)}: ${listed(kinds)}`;
}

const KIND_WORDS = { readings: "readings", medicines: "medicines", other: "other entries" } as const;

function usualWords(reach: Quality["reach"]): string {
  if (!reach?.all) return "";
  const { usual_month: usual, usual_to: usualTo } = reach.all;
  return usual === null || usualTo === null
    ? "too few events to know how many a month usually has"
    : `${count(Math.round(usual))} events a month; the newest such month ends ${longDate(usualTo)}`;
}

function oldCodeWords({ events }: Quality): string {
  const sum = (state: "mapped" | "unmapped" | "ambiguous"): number =>
    events.codes.reduce((total, each) => total + each[state], 0);
  const [mapped, unmapped, ambiguous] = [sum("mapped"), sum("unmapped"), sum("ambiguous")];
  const all = mapped + unmapped + ambiguous;
  if (all === 0) return "";
  const systems = [...new Set(events.codes.map(({ system }) => system))].join(", ");
  const part = (n: number, word: string): string => `${percent(shareOf(n, all))} ${word}`;
  const states = `${part(mapped, "mapped")}, ${part(unmapped, "unmapped")}, ${part(ambiguous, "ambiguous")}`;
  return `${count(all)} events (${percent(shareOf(all, events.events))}) in ${systems}: ${states}${unmapped === all ? "; cairn agent import --code-map FILE says what they mean" : ""}`;
}

function yearWords({ events }: Quality): string {
  if (events.codes.length === 0) return "";
  const old = new Map<number, number>();
  for (const { year, mapped, unmapped, ambiguous } of events.codes)
    old.set(year, (old.get(year) ?? 0) + mapped + unmapped + ambiguous);
  return events.years
    .slice(-YEARS_SHOWN)
    .map((each) => `${each.year} ${percent(shareOf(old.get(each.year) ?? 0, each.events))}`)
    .join(", ");
}

/** Units that keep readings from being used; where all can be used there is nothing to say. */
function unitWords({ codelists }: Quality): string {
  const lists = codelists.flatMap(({ codelist, readings }) =>
    (readings?.ignored ?? []).map(({ unit, events }) => `${count(events)} ${codelist} in ${unit}`),
  );
  return lists.length === 0 ? "" : `readings that queries ignore: ${lists.join(", ")}`;
}

function codelistWords(codelists: Quality["codelists"]): string {
  if (codelists.length === 0) return "";
  const empty = codelists.filter(({ patients }) => patients === 0).map(({ codelist }) => codelist);
  const found = `${codelists.length - empty.length} of the ${codelists.length} that queries ask for have events`;
  if (empty.length === 0) return found;
  const more = empty.length - LISTS_SHOWN;
  const named = empty.slice(0, LISTS_SHOWN).join(", ");
  return `${found}; none of: ${named}${more > 0 ? ` and ${more} more (--json names them)` : ""}`;
}

function listed(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

/** Nothing is said of what there is none of. */
function some(n: number, what: string): string {
  return n === 0 ? "" : `${count(n)} ${what}`;
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
