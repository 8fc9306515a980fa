/** What the page of a question is made of: the same at the hub and at a practice, which adds its own. */
import type { ComparisonModel, GroupNote, OwnFigure, Sight, Sum } from "@cairn/comparisons";
import type { Query } from "@cairn/query-library";
import type { Markup } from "@cairn/text";
import type { NamesView } from "./names.js";

export interface QuestionView {
  readonly query: Query;
  /** In order of date without a gap, one or more; the last is the one that is shown. */
  readonly dates: readonly ComparisonModel[];
  /** Everything that the group wrote down about the question. */
  readonly notes: readonly GroupNote[];
  readonly sees: Sight;
  /** Only on the page of one question, for a reader whom the group's charter lets see names. */
  readonly names?: NamesView | null;
  /** Only on the practice's own pages, on its own machine. */
  readonly own?: OwnParts;
}

/** The parts of a practice's own. */
export interface OwnParts {
  /** Its numbers at the date that is shown; null where it has none there. */
  readonly sum: Sum | null;
  /** In order of date, of the dates of the group. */
  readonly series: readonly OwnFigure[];
  readonly notes: readonly OwnNote[];
  /** The sentence on what would be expected of its patients by the group's shares; null where the question does not split by age. */
  readonly expected: string | null;
  /** The way to its own list of patients. */
  readonly list: Markup | null;
}

/** A note that a practice wrote down for itself about a question. */
export interface OwnNote {
  readonly date: string; // ISO
  readonly text: string;
}

/** The date that is shown. @throws RangeError where there is none */
export function shownOf({ dates }: Pick<QuestionView, "dates">): ComparisonModel {
  const shown = dates.at(-1);
  if (!shown) throw new RangeError("a question's page shows a date");
  return shown;
}
