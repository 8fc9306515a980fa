/** What a process of its own worked out for a page, or why it did not. */
import type { Outcome } from "../answering/answer.js";

/** Why there are no numbers and no lists, without a full stop. */
export const NO_DATES =
  "There is no date yet that the records cover, with the two weeks in which late entries arrive: cairn agent import --complete-to DATE says how far they are complete";

/** @returns what was worked out; or why it was not, in words without a full stop */
export function given<G extends object>(outcome: Outcome<G>): G | string {
  switch (outcome.outcome) {
    case "answered":
      return outcome.answer;
    case "unanswerable":
    case "problem":
      return outcome.words;
    case "died":
      return `It took too long or too much memory (${outcome.how}): try again, or see cairn agent doctor`;
    case "called-off":
      return "The keeper is stopping: try again in a minute";
  }
}
