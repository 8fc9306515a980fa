import {
  absences,
  BOTH_NUMBERS,
  type ComparisonModel,
  joinerWords,
  optOutWords,
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
  const { contributing, corrected, without_registrations: guessed } = practices;
  return [
    `${contributing} of ${practices.asked} practices have released.`,
    ...(waitsForFifth(model) ? ["The group's figures come with the fifth."] : []),
    ...(total?.withheld
      ? [
          `Of everyone together both numbers are shown for ${total.contributors - total.withheld} of them.`,
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
    ...(contributing > 0
      ? ["Every other number is rounded before it leaves a practice, so the group's figures are ranges."]
      : []),
    ...(corrected > 0 ? [`${corrected} of them sent corrected numbers, in place of withdrawn numbers.`] : []),
    optOutWords(practices.opt_outs) ?? [],
    ...(guessed > 0
      ? [
          `Records of ${guessed} of them carry no registrations: who counts is taken from birth or first record.`,
        ]
      : []),
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
