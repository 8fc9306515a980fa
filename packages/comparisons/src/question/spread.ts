/** How a group's practices spread over one cell: as dots, or as counts where dots would say too much or nothing. */
import { proportion, type Interval } from "@cairn/statistics/intervals";
import type { CellCounts, DocumentCell } from "../document-cell.js";
import type { ComparisonModel, PublishedReference } from "../document.js";
import { FEWEST } from "../figure.js";
import { percentOrNot, sumWords, TOO_CLOSE } from "../words.js";
import { sumIn, everyoneIn } from "./series.js";

export type Spread =
  | {
      readonly as: "dots";
      readonly dots: readonly number[]; // whole per cents, from low to high
      readonly median: Interval | null;
      readonly reference: PublishedReference | null;
      readonly notes: readonly string[];
    }
  | { readonly as: "words"; readonly lines: readonly string[] };

/** The practices as a reader of the group's pages may see them: as dots, or only as one group. */
export type Sight = "dots" | "group";

const NOT_SHOWN = {
  collecting: "Numbers are still coming in.",
  group: "This view shows the group as a whole, and no practice of it.",
  few: "Fewer than five practices contribute, so nothing is shown of them.",
  withdrawn: "It was taken down: a practice withdrew its numbers.",
} as const;

/** Makes the spread of everyone. */
export function spreadOf(model: ComparisonModel, sees: Sight): Spread {
  const total = everyoneIn(model);
  if (sees === "group") return { as: "words", lines: [NOT_SHOWN.group, ...togetherLines(total)] };
  if (model.closed_at === null) return { as: "words", lines: [NOT_SHOWN.collecting] };
  if (!total) return { as: "words", lines: [NOT_SHOWN.few] };
  if (total.dots === "withdrawn") return { as: "words", lines: [NOT_SHOWN.withdrawn] };
  if (total.dots === "too-close")
    return { as: "words", lines: [`Dots and middle are not shown: ${TOO_CLOSE}.`, ...togetherLines(total)] };
  if (total.dots === "too-few" || total.dots.length === 0) return { as: "words", lines: fewLines(total) };
  const { median = null } = total.figure;
  return {
    as: "dots",
    dots: total.dots,
    median: median !== null && percentOrNot(median) !== null ? median : null,
    reference: model.reference,
    notes: [
      ...(total.dots_are_rough
        ? ["Numbers here are small: a dot may stand five points or more from its practice's true share."]
        : []),
      ...(total.practices === null ? [] : withoutDot(total.practices)),
    ],
  };
}

/** "2 practices have no dot: ..." */
function withoutDot({ withheld, no_people, cannot_tell }: CellCounts): string[] {
  return [
    ...(withheld > 0
      ? [`${practices(withheld)} withheld a number, and ${has(withheld)} no dot: that is not zero.`]
      : []),
    ...(no_people > 0
      ? [`${practices(no_people)} ${has(no_people)} nobody whom the question is about, and no dot.`]
      : []),
    ...(cannot_tell > 0
      ? [
          `${practices(cannot_tell)} sent a number carried from an earlier period, which says too little for a dot.`,
        ]
      : []),
  ];
}

/**
 * What is said in place of dots: in how many practices nobody is counted, a few, or more; the group's sum; and where
 * each practice finds its own people.
 */
function fewLines(total: DocumentCell): string[] {
  const { practices: counts } = total;
  if (counts === null) return [NOT_SHOWN.few];
  const { no_people, none, withheld, some, cannot_tell } = counts;
  return [
    ...(none > 0 ? [`Nobody is counted in ${practices(none)}.`] : []),
    ...(withheld > 0
      ? [
          `In ${practices(withheld)} the number is withheld: a few people, or a number that would tell of a few. That is not zero.`,
        ]
      : []),
    ...(some > 0 ? [`In ${practices(some)} the number is shown: it is more than a few people.`] : []),
    ...(no_people > 0 ? [`In ${practices(no_people)} there is nobody whom the question is about.`] : []),
    ...(cannot_tell > 0 ? [`Of ${practices(cannot_tell)} we cannot tell.`] : []),
    ...togetherLines(total),
    `Too few for dots, which need ${FEWEST} practices whose numbers are shown.${middleWithWithheld(total, withheld)}`,
    "What counts here is the people: each practice finds its own on its list, on its own machine.",
  ];
}

/** Why a middle stands where most numbers may be withheld. */
function middleWithWithheld({ figure: { median } }: DocumentCell, withheld: number): string {
  if (!median || percentOrNot(median) === null || withheld === 0) return "";
  return " The middle counts a withheld number as anything that it could be, so it is a range.";
}

function togetherLines(total: DocumentCell | null): string[] {
  if (!total) return [];
  const sum = sumIn(total);
  if (!sum) return [`Together: ${sumWords(total.figure)}.`];
  const share = proportion(sum.numerator, sum.denominator);
  const words = share && percentOrNot(share);
  return [`Together: ${sumWords(total.figure)}${words ? `, which is ${words}` : ""}.`];
}

function practices(n: number): string {
  return n === 1 ? "1 practice" : `${n} practices`;
}

function has(n: number): string {
  return n === 1 ? "has" : "have";
}
