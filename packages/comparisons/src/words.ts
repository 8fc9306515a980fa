/** Numbers and states in words, the same on the page and in the terminal. */
import { periodEnds, type Query } from "@cairn/query-library";
import type { Interval } from "@cairn/statistics/intervals";
import { countRange, longDate, percentRange } from "@cairn/text";
import { type Alarm, ALARM_WORDS, type ComparisonState, STATE_WORDS } from "./states.js";
import { totalOf, type ComparisonModel, type PracticeCounts } from "./document.js";
import type { GroupJson } from "./json.js";
import { FEWEST } from "./figure.js";

/** `percent`, or null where the range could be anything, from 0 or nearly to 100 or nearly. @param share in 0..1 */
export function percentOrNot(share: Interval): string | null {
  const says = share.low >= 0.01 || share.high <= 0.99;
  return says ? percentRange(share) : null;
}

/** The words in place of a group's sum for a cell, or null where it has one. */
export function figureWords({ state }: Pick<GroupJson, "state">): string | null {
  if (state === "made") return null;
  const why = WHY_NO_FIGURE[state];
  if (state === "too-close" || state === "members-missing") return `not shown, for ${why}`;
  if (state === "dominated") return `not shown: ${why}`;
  return state === "withdrawn" ? `taken down: ${why}` : why;
}

const WHY_NO_FIGURE = {
  collecting: "still collecting",
  withdrawn: "a practice withdrew its numbers",
  "too-few": "too few practices released both numbers",
  dominated: "most of it would be one practice",
  "too-close": "it would tell of one or two practices",
  "members-missing": "public list sizes would tell which practice is missing",
} as const satisfies Record<Exclude<GroupJson["state"], "made">, string>;

/** The words in place of dots and medians that are too close to those of another group. */
export const TOO_CLOSE = "with another group's picture it would tell of one or a few practices";

/** The words in place of counts that would tell of the others. */
export const FEW_ASKED = "not shown in a group of fewer than five";

/** The words in place of everyone's middle, or of any figure while nothing is shown; null where there is one. */
export function noMiddleWords(model: ComparisonModel): string | null {
  const total = totalOf(model);
  if (total?.median) return null;
  if (isTooClose(model)) return `not shown: ${TOO_CLOSE}`;
  if (waitsForFifth(model)) return "the group's figures come with the fifth";
  return figureWords(total ?? { state: model.closed_at === null ? "collecting" : "too-few" });
}

/** Whether a collection is closed and nothing of it is shown, because fewer than five have released. */
export function waitsForFifth({ closed_at, shown, practices }: ComparisonModel): boolean {
  const { answers } = practices;
  return closed_at !== null && !shown && (answers === "too-few" || answers.contributing < FEWEST);
}

/** Whether a comparison shows its sums alone, for its dots would tell of a few practices beside another group's. */
function isTooClose({ cells }: ComparisonModel): boolean {
  return cells.some(({ dots }) => dots === "too-close");
}

/** The number that released, and of those that show both numbers where they are fewer: "7 have released". */
export function releasedWords(
  released: number,
  { contributors = released, withheld = 0 }: GroupJson,
  of = "",
): string {
  const both = contributors - withheld;
  return `${released}${of} ${released === 1 && of === "" ? "has" : "have"} released${both < released ? `, ${both} with both numbers shown` : ""}`;
}

/** A sentence on what both numbers are, and what withheld says, for the reader of `releasedWords`. */
export const BOTH_NUMBERS =
  "Both numbers: how many people the question is about, and how many of them it counts. A practice that released sent its table, in which it withheld what is of too few people or would tell of them: that is not zero.";

/**
 * A group's sum with the number of its practices: "250 to 260 of 598 to 602, in 8 practices"; or why there is none.
 */
export function sumWords(group: GroupJson): string {
  const { numerator, denominator, contributors, withheld, carried } = group;
  if (!numerator || !denominator) return figureWords(group) ?? "";
  return [
    `${countRange(numerator)} of ${countRange(denominator)}`,
    `in ${contributors} practices`,
    ...(withheld ? [`${withheld} of which withheld the first number`] : []),
    ...(carried ? [`with numbers carried from an earlier period in ${carried}`] : []),
  ].join(", ");
}

/** "carried from 31 March 2024": the period that a value repeats. @param ago in periods of the query, back from `date` */
export function carriedWords(query: Query, date: string, ago: number): string {
  const [first] = periodEnds(query.periods.every, ago + 1, date) as [string, ...string[]];
  return `carried from ${longDate(first)}`;
}

/** The number of members in each state that is not a contribution: "1 practice declined", none named. */
export function absences({ answers }: PracticeCounts): string[] {
  if (answers === "too-few") return [];
  return answers.states.map(({ state, alarm, practices }) => {
    const does = absenceWords(state, alarm, practices);
    return `${practices} ${practices === 1 ? "practice" : "practices"} ${does}`;
  });
}

/** Why practices have no numbers here, in words that follow their name or number: "is offline", "are offline". */
export function absenceWords(state: ComparisonState, alarm: Alarm | null, practices = 1): string {
  const does = alarm === null ? STATE_WORDS[state] : ALARM_WORDS[alarm];
  return practices === 1 ? does : plural(does);
}

/**
 * The number of practices that joined, and of those that released, after the group's figures were made: never their
 * states or numbers. A later dot would be identified by its time of arrival.
 */
export function joinerWords({ joined_later: asked, answers, not_asked: others }: PracticeCounts): string[] {
  const late = answers === "too-few" ? 0 : answers.late;
  const practices = (n: number): string => (n === 1 ? "1 practice" : `${n} practices`);
  const own = (n: number): string =>
    `after the group's figures were made: these stay as they are, and ${n === 1 ? "its numbers stand in its own line" : "their numbers stand in their own lines"} alone.`;
  return [
    ...(asked > 0 ? [`${practices(asked)} joined ${own(asked)}`] : []),
    ...(late > 0 ? [`${practices(late)} sent numbers ${own(late)}`] : []),
    ...(others > 0
      ? [`${practices(others)} joined later, and ${others === 1 ? "was" : "were"} not asked for this date.`]
      : []),
  ];
}

function plural(words: string): string {
  return words
    .replace(/^is /, "are ")
    .replace(/^waits /, "wait ")
    .replace(/^has /, "have ")
    .replace(/\bits\b/g, "their");
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

/** The name of a split: "Age and sex". */
export function splitName(keys: readonly string[]): string {
  const words = keys.map((key) => KEY_WORDS[key] ?? key);
  return words.map((word, i) => (i === 0 ? word : word.toLowerCase())).join(" and ");
}

/** The summary sentence of a comparison. It states that there is no reference yet. */
export function sentence(model: ComparisonModel): string {
  const date = longDate(model.date);
  const total = totalOf(model);
  if (model.closed_at === null)
    return `Numbers for ${date} are still coming in, so nothing is said of the group yet.`;
  const middle = total?.median ? percentOrNot(total.median) : null;
  if (!total || middle === null) {
    const why = isTooClose(model)
      ? TOO_CLOSE
      : total?.median
        ? "too many numbers are withheld"
        : total?.state === "made"
          ? "too few have anyone here"
          : WHY_NO_FIGURE[total?.state ?? "too-few"];
    return `For ${date} we cannot tell: ${why}.`;
  }
  return `On ${date} the middle of the ${total.contributors ?? "contributing"} practices that released is at ${middle}. There is no published figure to compare with yet, so we cannot tell whether the group differs from elsewhere.`;
}
