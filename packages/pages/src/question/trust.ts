import {
  absences,
  BOTH_NUMBERS,
  type ComparisonModel,
  FEW_ASKED,
  joinerWords,
  optOutWords,
  type PracticeCounts,
  TOO_CLOSE,
  totalOf,
  waitsForFifth,
} from "@cairn/comparisons";
import type { Query } from "@cairn/query-library";
import { longDate } from "@cairn/text";

/**
 * Words on how far the data can be trusted: who has released, who has not and why, what is a range, what is withheld.
 */
export function trustLines(model: ComparisonModel, query: Query): string[] {
  const { practices, numbers } = model;
  const total = totalOf(model);
  return [
    ...answeredLines(model),
    ...(waitsForFifth(model) ? ["The group's figures come with the fifth."] : []),
    ...(total?.withheld
      ? [
          `Of everyone together both numbers are shown for ${(total.contributors ?? 0) - total.withheld} of them.`,
          BOTH_NUMBERS,
        ]
      : []),
    ...absences(practices).map((words) => `${words}.`),
    ...joinerWords(practices),
    ...(model.closed_at === null
      ? [
          "Numbers are still coming in. The group's figures are made once, when all have answered or the time is over.",
        ]
      : []),
    ...(numbers.sent > 0
      ? [
          `${numbers.withheld} of the ${numbers.sent} numbers that make up this page are withheld. A withheld number is not zero: nothing is put in its place.`,
        ]
      : []),
    ...(practices.answers !== "too-few" && practices.answers.contributing > 0
      ? ["Every other number is rounded before it leaves a practice, so the group's figures are ranges."]
      : []),
    ...madeLines(practices),
    ...(model.closed_at === null
      ? []
      : [`Collected until ${longDate(model.closed_at)}, asked each ${query.periods.every}.`]),
    ...(query.registers.length > 0
      ? ["Who is not coded is not counted: look at coding before you look at care."]
      : []),
    ...(total?.state === "withdrawn"
      ? ["The group's figure was taken down, because a practice withdrew its numbers."]
      : []),
  ].flat();
}

function answeredLines({ practices: { asked, answers } }: ComparisonModel): string[] {
  if (answers === "too-few") return [`Who has released: ${FEW_ASKED}.`];
  return [`${answers.contributing} of ${asked} practices have released.`];
}

/** How the numbers are made: corrected, with or without people with a type 1 opt-out in their record, from records without registrations. */
function madeLines({ answers }: PracticeCounts): string[] {
  if (answers === "too-few" || answers.made === "collecting") return [];
  const { contributing, made } = answers;
  if (made === "too-few")
    return contributing === 0
      ? []
      : ["How these numbers are made is not shown for fewer than five practices."];
  if (made === "too-close") return [`How these numbers are made is not shown: ${TOO_CLOSE}.`];
  const { corrected, without_registrations: guessed, opt_outs } = made;
  return [
    ...(corrected > 0 ? [`${corrected} of them sent corrected numbers, in place of withdrawn numbers.`] : []),
    optOutWords(opt_outs) ?? [],
    ...(guessed > 0
      ? [
          `Records of ${guessed} of them carry no registrations: who counts is taken from birth or first record.`,
        ]
      : []),
  ].flat();
}
