import type { Codelist, Condition, Fact, FactName, ListName, Window } from "@cairn/query-library";
import type { AnyFact } from "./runs.js";
import type { Mask } from "./masks.js";
import type { DayTable, ReferenceDates } from "./reference-dates.js";
import type { People, Postings } from "@cairn/tables";

/** The questions that a form may ask while it is answered, all about one query. */
export interface FormContext {
  readonly dates: ReferenceDates;
  readonly people: People;
  /**
   * Patients and dates that the caller needs: one word per patient key, bit k for date k. Answers outside are
   * unspecified.
   */
  readonly among: Mask;
  readonly window: (window: Window) => DayTable;
  readonly closedWindow: (window: Window) => DayTable;
  readonly list: (name: ListName) => Codelist;
  readonly postings: (list: Codelist) => Postings;
  /** The patients and dates for which the condition holds. */
  readonly holds: (condition: Condition) => Mask;
  /** The patients and dates for which a comparison inside the condition is missing; null where none can be. */
  readonly missing: (condition: Condition) => Mask | null;
  readonly fact: <F extends Fact["form"]>(name: FactName, form: F) => Extract<AnyFact, { form: F }>;
  readonly definition: (name: FactName) => Fact;
}
