/** Numbers and states in words: the page and the terminal say the same. */
import type { Interval } from "@cairn/statistics";
import { ALARM_WORDS, STATE_WORDS, type ComparisonState } from "./states.js";
import type { Collected } from "./collected.js";
import type { GroupJson } from "./json.js";
import { FEWEST } from "./figure.js";

/** "34%" or "34% to 36%", whole. @param share in 0..1 */
export function percent({ low, high }: Interval): string {
  const [from, to] = [Math.round(low * 100), Math.round(high * 100)];
  return from === to ? `${from}%` : `${from}% to ${to}%`;
}

/** "1,240" or "1,230 to 1,250". */
export function count({ low, high }: Interval): string {
  const text = (n: number): string => n.toLocaleString("en-GB");
  return low === high ? text(low) : `${text(low)} to ${text(high)}`;
}

/** What stands in the place of a group's figure for a cell, or null where it has one. */
export function figureWords({ state }: GroupJson): string | null {
  if (state === "made") return null;
  if (state === "dominated" || state === "too-close") return `not shown: ${WHY_NO_FIGURE[state]}`;
  return state === "withdrawn" ? `taken down: ${WHY_NO_FIGURE[state]}` : WHY_NO_FIGURE[state];
}

const WHY_NO_FIGURE = {
  collecting: "still collecting",
  withdrawn: "a practice took its numbers back",
  "too-few": `fewer than ${FEWEST} practices`,
  dominated: "most of it would be one practice",
  "too-close": "it differs from another group's by one or two practices",
} as const satisfies Record<Exclude<GroupJson["state"], "made">, string>;

/** How many members are in each state that is not a contribution: "1 practice declined", none named. */
export function absences(found: Collected): { state: ComparisonState; practices: number; words: string }[] {
  const counts = new Map<string, { state: ComparisonState; practices: number }>();
  for (const { state, alarm } of found.members) {
    if (state === "released") continue;
    const does = alarm === undefined ? STATE_WORDS[state] : ALARM_WORDS[alarm];
    counts.set(does, { state, practices: (counts.get(does)?.practices ?? 0) + 1 });
  }
  return [...counts].map(([does, { state, practices }]) => ({
    state,
    practices,
    words: `${practices} ${practices === 1 ? `practice ${does}` : `practices ${plural(does)}`}`,
  }));
}

function plural(words: string): string {
  return words
    .replace(/^is /, "are ")
    .replace(/^waits /, "wait ")
    .replace(/^has /, "have ")
    .replace(/^contributes$/, "contribute")
    .replace(/\bits\b/g, "their");
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** "31 March 2025" */
export function longDate(iso: string): string {
  const [year, month, day] = iso.split("-").map(Number) as [number, number, number];
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

const KEY_WORDS: Readonly<Record<string, string>> = {
  sex: "Sex",
  age_band: "Age",
  deprivation_fifth: "Deprivation fifth",
  ethnic_group: "Ethnic group",
  system: "Coding system",
  mapped: "Mapping",
  coded: "Coded",
  year: "Year",
};

/** What a split is called: "Age and sex". */
export function splitName(keys: readonly string[]): string {
  const words = keys.map((key) => KEY_WORDS[key] ?? key);
  return words.map((word, i) => (i === 0 ? word : word.toLowerCase())).join(" and ");
}

/** A row of a split: "female", or "17-39, male". */
export function cellName(cell: Readonly<Record<string, string>>): string {
  const values = Object.values(cell);
  return values.length === 0 ? "Everyone" : values.join(", ");
}

/** The one sentence. There is no reference yet, and it says so. */
export function sentence(found: Collected, total: GroupJson): string {
  const date = longDate(found.date);
  if (total.state === "collecting")
    return `Numbers for ${date} are still coming in, so nothing is said of the group yet.`;
  if (total.state !== "made" || !total.median) {
    const why = total.state === "made" ? "too few have anyone here" : WHY_NO_FIGURE[total.state];
    return `For ${date} we cannot tell: ${why}.`;
  }
  return `On ${date} the middle of the ${total.contributors} contributing practices is at ${percent(total.median)}. No published figure is loaded to compare with, so we cannot tell whether the group differs from elsewhere.`;
}
