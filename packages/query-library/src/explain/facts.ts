/** Named measurements in words. */
import type { Fact, FactName, Reading } from "../query.js";
import { entryNoun, listWords, windowWords, type Lists } from "./phrases.js";

type Measurement = Exclude<Fact, { readonly form: "condition" }>;

/** A measurement as a noun phrase: `the latest reading of \`hba1c-ifcc\` in the 12 months up to D`. */
export function factWords(fact: Measurement, lists: Lists): string {
  const when = windowWords(fact.window);
  switch (fact.form) {
    case "date":
      return `the date of the ${fact.which} ${entryNoun(fact.list, lists)} of ${listWords(fact.list, lists)} ${when}`;
    case "value":
      return `the ${fact.which} reading of ${listWords(fact.list, lists)} ${when}`;
    case "pair":
      return `the readings of the latest day that has both ${listWords(fact.systolic, lists)} and ${listWords(fact.diastolic, lists)}, ${when}`;
    case "count":
      return fact.what === "events"
        ? `the number of entries of ${listWords(fact.list, lists)} ${when}`
        : `the number of different days with an entry of ${listWords(fact.list, lists)} ${when}`;
  }
}

/** How the measurement is read, as a governance officer asks next; null where there is nothing to add. */
export function factDetail(fact: Measurement): string | null {
  switch (fact.form) {
    case "date":
      return "missing where there is none";
    case "count":
      return fact.what === "events" ? "two entries on one day count twice; none is 0" : "none is 0";
    case "value":
      return `${readingWords(fact.reading)}; ${tieWords(fact)}missing where there is none`;
    case "pair":
      return `${readingWords(fact.reading)}; of several on that day, each of the two takes its own ${fact.sameDay}; missing where no day has both`;
  }
}

function readingWords({ unit, plausible }: Reading): string {
  const range = plausible === null ? "" : `, ignoring what is below ${plausible[0]} or above ${plausible[1]}`;
  return `in ${unit}${range}; entries without a number are skipped`;
}

function tieWords(fact: Extract<Fact, { readonly form: "value" }>): string {
  if (fact.which === "mean") return "the mean is compared without rounding; ";
  return fact.sameDay === null ? "" : `of several on that day, the ${fact.sameDay}; `;
}

/** A fact's name as a reader sees it: `last_hba1c` is "last hba1c". */
export function factLabel(name: FactName): string {
  return name.replaceAll("_", " ");
}
