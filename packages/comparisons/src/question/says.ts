/** The sentences of a question's page: whether the group differs, and what changed. */
import { monthsBetween } from "@cairn/query-library";
import type { Query } from "@cairn/query-library";
import { proportion } from "@cairn/statistics/intervals";
import type { XmrRule } from "@cairn/statistics/intervals";
import { count, longDate, monthsLong, percent, percentRange, pointsRange } from "@cairn/text";
import type { ComparisonModel, PublishedReference } from "../document.js";
import { figureWords, percentOrNot, TOO_CLOSE } from "../words.js";
import type { Limits } from "./limits.js";
import { ownChangeSince, type OwnChange, type OwnFigure } from "./own-series.js";
import { sumIn, everyoneIn, type GroupChange } from "./series.js";
import { spreadOf, type Sight } from "./spread.js";
import { verdictOf, type Verdict } from "./verdict.js";

/** The verdict of a group at one date; "no-reference" where there is nothing to compare with. */
type GroupVerdict = Verdict | "no-reference";

export function groupVerdict(query: Query, model: ComparisonModel): GroupVerdict {
  const { reference } = model;
  if (reference === null || reference.of === "this-group") return "no-reference"; // of itself it does not differ
  const sum = sumIn(everyoneIn(model));
  return sum === null ? "cannot-tell" : verdictOf(sum, reference, query.margin);
}

/** Where the group stands, and whether that differs from elsewhere. */
export function standsSentence(query: Query, model: ComparisonModel): string {
  const date = longDate(model.date);
  if (model.closed_at === null)
    return `Numbers for ${date} are still coming in, so nothing is said of the group yet.`;
  const stands = whereItStands(model);
  if (stands === null) return `For ${date} we cannot tell: ${whyNot(model)}.`;
  const { reference } = model;
  return [`On ${date} ${stands}.`, reference ? differsWords(groupVerdict(query, model), reference) : ""]
    .join(" ")
    .trim();
}

/**
 * Whether of a date nothing can be told but why: no share, middle or dot of the group, and no practice without anybody.
 * Of an open date it is false: its numbers may still come.
 */
export function tellsNothing(model: ComparisonModel, sees: Sight): boolean {
  if (model.closed_at === null || whereItStands(model) !== null) return false;
  if (spreadOf(model, sees).as === "dots") return false;
  const counts = sees === "dots" ? everyoneIn(model)?.practices : null;
  return !counts || counts.none + counts.no_people === 0;
}

/** The sentence on a page without anything to compare with. */
export const NO_REFERENCE =
  "There is no published figure to compare with yet, so this is about the group alone.";

/** "the group together is at 62 to 64 %", or of the middle; null where neither says anything. */
function whereItStands(model: ComparisonModel): string | null {
  const total = everyoneIn(model);
  const sum = sumIn(total);
  const share = sum && proportion(sum.numerator, sum.denominator);
  const together = share && percentOrNot(share);
  if (together !== null) return `the group together is at ${together}`;
  const median = total?.figure.median && percentOrNot(total.figure.median);
  if (!total || !median) return null;
  return `the middle of the ${count(total.figure.contributors ?? 0)} practices that contribute is at ${median}`;
}

function whyNot(model: ComparisonModel): string {
  const total = everyoneIn(model);
  if (!total) return "fewer than five practices released both numbers";
  const { figure, dots } = total;
  if (dots === "too-close" && !sumIn(total)) return TOO_CLOSE;
  if (figure.median || sumIn(total)) return "too many numbers are withheld";
  if (figure.state === "withdrawn") return "a practice withdrew its numbers";
  return figureWords(figure) ?? "too few practices have anyone here";
}

function differsWords(verdict: GroupVerdict, reference: PublishedReference): string {
  if (reference.of === "this-group")
    return `Its ${count(reference.practices)} practices that show both numbers are compared with one another: eight of ten lie at ${percentRange({ low: reference.p10, high: reference.p90 })}.`;
  const elsewhere = `the middle of ${count(reference.practices)} practices elsewhere, ${percent(reference.p50)} (${reference.source}, ${longDate(reference.date)})`;
  switch (verdict) {
    case "higher":
    case "lower":
      return `That differs: it is ${verdict} than chance explains around ${elsewhere}. Worth a conversation.`;
    case "does-not-differ":
      return `It does not differ from ${elsewhere}, by more than chance explains.`;
    case "cannot-tell":
    case "no-reference":
      return `We cannot tell whether that differs from ${elsewhere}: people are too few for it, or numbers known too roughly.`;
  }
}

/** Says what changed up to a date (ISO), or why nothing is said of it; null where there is no earlier date at all. */
export function changeSentence(
  query: Query,
  { date }: { readonly date: string },
  since: GroupChange | OwnChange,
): string | null {
  switch (since) {
    case "no-beginning":
      return "Every date of this question reads the same records, however old, so no change is worked out: the line over time shows it.";
    case "no-date-apart":
      return null;
    case "other-practices":
      return "Other practices contribute than before, so what changed cannot be told.";
    case "no-sum":
      return "Whether it changed we cannot tell: the group's sum is not shown for both dates.";
    case "no-number":
      return "Whether it changed we cannot tell: this practice has no number for both dates.";
    default: {
      const before = `${monthsLong(monthsBetween(since.since, date))} before`;
      return changedWords(since.change, before, query.margin);
    }
  }
}

function changedWords(
  change: Exclude<GroupChange, string>["change"],
  before: string,
  margin: number,
): string {
  switch (change.change) {
    case "higher":
    case "lower":
      return `It is ${change.change} than ${before}, by ${pointsRange(change.by)}.`;
    case "none":
      return `There is no change larger than ${margin} points against ${before}.`;
    case "cannot-tell":
      return `Whether it changed against ${before} we cannot tell.`;
  }
}

const SIGNAL_WORDS: Readonly<Record<XmrRule, string>> = {
  "outside-limits": "the newest point lies outside the limits",
  "seven-on-one-side": "seven points lie on one side of the mean",
  "seven-rising": "seven points rise one after another",
  "seven-falling": "seven points fall one after another",
  "two-of-three": "two of three points lie near the limit",
};

/** Says what limits by chance mean for the line; null where it can have none. @param of a group's line, or a practice's own */
export function limitsSentence(limits: Limits, of: "group" | "practice" = "group"): string | null {
  switch (limits) {
    case "overlapping":
      return null;
    case "too-few-points":
      return `Limits by chance come with the thirteenth date${of === "group" ? " of the same practices" : ""}.`;
    case "too-few-different-values":
      return "There are too few different values for limits by chance.";
    default: {
      const [first, ...more] = limits.signals.map((rule) => SIGNAL_WORDS[rule]);
      if (first === undefined) return "The points vary as chance explains.";
      return `More than chance: ${[first, ...more].join("; ")}.`;
    }
  }
}

/**
 * Says of a practice's own line whether it varies more than by chance; where it can have no limits, what changed.
 * @param figures in order of date
 */
export function ownSentences(query: Query, figures: readonly OwnFigure[], limits: Limits): string[] {
  const newest = figures.at(-1);
  const change =
    newest && typeof limits === "string"
      ? changeSentence(query, newest, ownChangeSince(query, figures))
      : null;
  return [limitsSentence(limits, "practice") ?? [], change ?? []].flat();
}
