import type { Codelist, Condition, Fact, FactName, ListName, Window } from "@cairn/query-library";
import type { AnyFact } from "./runs.js";
import type { Mask } from "./masks.js";
import type { DayTable, ReferenceDates } from "./reference-dates.js";
import type { People, Postings } from "@cairn/tables";

/** What a form may ask while it is being answered: everything is of the query at hand. */
export interface Ask {
  readonly dates: ReferenceDates;
  readonly people: People;
  /** Whom and when an answer is wanted for. Elsewhere it may be anything, since nobody looks there. */
  readonly among: Mask;
  readonly window: (window: Window) => DayTable;
  readonly closedWindow: (window: Window) => DayTable;
  readonly list: (name: ListName) => Codelist;
  readonly postings: (list: Codelist) => Postings;
  /** For whom and when the condition holds. */
  readonly holds: (condition: Condition) => Mask;
  /** For whom and when a comparison inside the condition is missing; null where none can be. */
  readonly missing: (condition: Condition) => Mask | null;
  readonly fact: <F extends Fact["form"]>(name: FactName, form: F) => Extract<AnyFact, { form: F }>;
  readonly definition: (name: FactName) => Fact;
}
