/** Tells whether extracts of what changed follow one another without a day between them. */
import { isoDate } from "@cairn/query-library";
import type { ExtractFacts } from "./importer.js";
import { dayOfMoment, lastWholeDay } from "./moments.js";

/** An extract of a known moment. */
export type DatedFacts = ExtractFacts & { readonly to: string };

/**
 * Names the days between an extract and the moment of the one before it of which neither tells ("the extract complete
 * to 2026-11-29 is missing"); null where there are none. A bulk tells of all days.
 */
export function missingBetween(facts: DatedFacts, last: string): string | null {
  return leavesGap(facts, last) ? `${missingWords(facts, last)} missing` : null;
}

function leavesGap({ kind, from, to }: DatedFacts, last: string): boolean {
  if (kind === "bulk") return false;
  if (from === null) return lastWholeDay(to) > lastWholeDay(last) + 1;
  const bothTimes = from.length > 10 && last.length > 10;
  return bothTimes ? from > last : dayOfMoment(from) > lastWholeDay(last) + 1;
}

/** "the extract complete to 2026-11-29 is": the days of extracts that nobody sees here. */
function missingWords({ from, to }: DatedFacts, last: string): string {
  if (from !== null && from.length > 10)
    return `what changed between ${plainMoment(last)} and ${plainMoment(from)} is`;
  const until = lastWholeDay(from ?? to) - 1;
  const first = lastWholeDay(last) + 1;
  return until > first
    ? `the extracts complete to ${isoDate(first)} through ${isoDate(until)} are`
    : `the extract complete to ${isoDate(first)} is`;
}

/** "2026-11-29 02:15" */
export function plainMoment(moment: string): string {
  return moment.slice(0, 16).replace("T", " ");
}
