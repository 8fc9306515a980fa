/** The data-quality report, short enough for whoever made the extract; `--json` has all of it. */
import type { Quality } from "@cairn/records";

const WIDTH = 80;
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
  const lines = rows.filter(([, words]) => words !== "").flatMap(([label, words]) => wrapped(label, words));
  return [`Data quality of all records, ${quality.day}`, ...lines].join("\n");
}

function wrapped(label: string, text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && LABEL + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((each, i) => (i === 0 ? `  ${label}` : "").padEnd(LABEL) + each);
}

function loadWords(load: Quality["load"]): string {
  return listed([
    count(load.added, "new"),
    count(load.corrected, "corrected"),
    count(load.deleted, "deleted"),
    count(load.moved ?? 0, "moved to another person"),
    count(load.repeated, "already here"),
    count(load.superseded, "given twice under one row id (the last counts)"),
    count(load.duplicates, "that say the same as another row (all kept)"),
  ]);
}

function peopleWords(people: Quality["people"]): string {
  return listed([
    number(people.patients),
    count(people.without_registration, "without a registration"),
    count(people.without_event, "without any event"),
  ]);
}

function birthWords({ birth, patients }: Quality["people"]): string {
  if (patients === birth.day) return "all held to the day";
  return listed([
    count(birth.day, "held to the day"),
    count(birth.month, "to the month (taken as its first day)"),
    count(birth.year, "to the year (taken as 1 July)"),
    count(birth.unknown, "not known"),
  ]);
}

function impossibleWords({ impossible }: Quality["people"]): string {
  if (impossible === undefined) return "";
  return listed([
    count(impossible.born_in_future, "born after today"),
    count(impossible.died_in_future, "who died after today"),
    count(impossible.died_before_birth, "who died before their birth"),
    count(impossible.registered_before_birth, "registered before their birth"),
    count(impossible.registered_in_future, "registered from a day after today"),
  ]);
}

function unknownWords(people: Quality["people"]): string {
  const share = (what: string, unknown: number): string =>
    unknown === 0 ? "" : `${what} of ${number(unknown)} (${percent(unknown, people.patients)})`;
  return listed([
    share("sex", people.sex_unknown),
    share("ethnic group", people.ethnic_group_unknown),
    share("deprivation", people.deprivation_unknown),
  ]);
}

function eventWords(events: Quality["events"]): string {
  return listed([
    number(events.events),
    count(events.in_future, "dated in the future"),
    count(events.before_birth, "dated before birth"),
    count(events.without_code, "without a code"),
  ]);
}

/** Kinds that keep up with all events say their day alone. */
function newestWords(reach: Quality["reach"]): string {
  if (!reach?.all) return "";
  const { newest: last, usual_to: usualTo } = reach.all;
  const kinds = reach.kinds.map(({ kind, newest, usual_to: to }) => {
    const behind = to !== null && usualTo !== null && to.slice(0, 7) < usualTo.slice(0, 7);
    return `${KIND_WORDS[kind]} ${newest}${behind ? ` (usual volume up to ${to})` : ""}`;
  });
  return `${last}: ${listed(kinds)}`;
}

const KIND_WORDS = { readings: "readings", medicines: "medicines", other: "other entries" } as const;

function usualWords(reach: Quality["reach"]): string {
  if (!reach?.all) return "";
  const { usual_month: usual, usual_to: usualTo } = reach.all;
  return usual === null || usualTo === null
    ? "too few events to know how many a month usually has"
    : `${number(Math.round(usual))} events a month; the newest such month ends ${usualTo}`;
}

function oldCodeWords({ events }: Quality): string {
  const sum = (state: "mapped" | "unmapped" | "ambiguous"): number =>
    events.codes.reduce((total, each) => total + each[state], 0);
  const [mapped, unmapped, ambiguous] = [sum("mapped"), sum("unmapped"), sum("ambiguous")];
  const all = mapped + unmapped + ambiguous;
  if (all === 0) return "";
  const systems = [...new Set(events.codes.map(({ system }) => system))].join(", ");
  const part = (n: number, word: string): string => `${percent(n, all)} ${word}`;
  const states = `${part(mapped, "mapped")}, ${part(unmapped, "unmapped")}, ${part(ambiguous, "ambiguous")}`;
  return `${number(all)} events (${percent(all, events.events)}) in ${systems}: ${states}${unmapped === all ? "; cairn agent import --code-map FILE says what they mean" : ""}`;
}

function yearWords({ events }: Quality): string {
  if (events.codes.length === 0) return "";
  const old = new Map<number, number>();
  for (const { year, mapped, unmapped, ambiguous } of events.codes)
    old.set(year, (old.get(year) ?? 0) + mapped + unmapped + ambiguous);
  return events.years
    .slice(-YEARS_SHOWN)
    .map((each) => `${each.year} ${percent(old.get(each.year) ?? 0, each.events)}`)
    .join(", ");
}

/** Units that keep readings from being used; where all can be used there is nothing to say. */
function unitWords({ codelists }: Quality): string {
  const lists = codelists.flatMap(({ codelist, readings }) =>
    (readings?.ignored ?? []).map(({ unit, events }) => `${number(events)} ${codelist} in ${unit}`),
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
function count(n: number, what: string): string {
  return n === 0 ? "" : `${number(n)} ${what}`;
}

function number(n: number): string {
  return n.toLocaleString("en-GB");
}

/** Whole, but never 0 % of something or 100 % of less than all. The space does not break. */
function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return "0\u00a0%";
  const share = (100 * part) / whole;
  if (share < 1) return "<1\u00a0%";
  return share > 99 && part < whole ? ">99\u00a0%" : `${Math.round(share)}\u00a0%`;
}
