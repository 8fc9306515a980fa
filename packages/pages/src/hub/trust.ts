import {
  absences,
  BOTH_NUMBERS,
  type CollectedAnswers,
  type GroupJson,
  joinerWords,
  optOutWords,
  releasedIn,
  waitsForFifth,
} from "@cairn/comparisons";

/**
 * Words on how far the data can be trusted: who has released, who has not and why, what is a range, what is withheld.
 */
export function trustLines(found: CollectedAnswers, total: GroupJson): string[] {
  // Those whose figures these are: another line's counts would tell of the practice that came.
  const released = releasedIn(found);
  // While nothing is shown, too: a count that grows with each practice that comes is that practice's.
  const numbers = found.shown
    ? released.flatMap((member) => member.released.flatMap((cell) => [cell.denominator, cell.numerator]))
    : [];
  const withheld = numbers.filter((number) => number === "withheld").length;
  const corrected = released.filter((member) => member.corrected).length;
  const guessed = released.filter((member) => member.recordBasis !== "RECORD_BASIS_REGISTRATIONS").length;
  return [
    `${released.length} of ${found.members.length} practices have released.`,
    ...(waitsForFifth(found) ? ["The group's figures come with the fifth."] : []),
    ...(total.withheld && total.state !== "collecting" && !waitsForFifth(found)
      ? [
          `Of everyone together both numbers are shown for ${total.contributors - total.withheld} of them.`,
          BOTH_NUMBERS,
        ]
      : []),
    ...absences(found).map(({ words }) => `${words}.`),
    ...joinerWords(found),
    ...(total.state === "collecting"
      ? [
          "Numbers are still coming in. The group's figures are made once, when all have answered or the time is over.",
        ]
      : []),
    ...(numbers.length > 0
      ? [
          `${withheld} of the ${numbers.length} numbers that make up this page are withheld. A withheld number is not zero: nothing is put in its place.`,
        ]
      : []),
    ...(released.length > 0
      ? ["Every other number is rounded before it leaves a practice, so the group's figures are ranges."]
      : []),
    ...(corrected > 0 ? [`${corrected} of them sent corrected numbers, in place of withdrawn numbers.`] : []),
    optOutWords(found) ?? [],
    ...(guessed > 0
      ? [
          `Records of ${guessed} of them carry no registrations: who counts is taken from birth or first record.`,
        ]
      : []),
    ...(total.state === "withdrawn"
      ? ["The group's figure was taken down, because a practice withdrew its numbers."]
      : []),
  ].flat();
}
