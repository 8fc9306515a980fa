/** Tells whether extracts of what changed follow one another without a day between them. */
import { isoDate } from "@cairn/query-library";
import type { ExtractFacts } from "./importer.js";
import { dayOfMoment, lastWholeDay } from "./moments.js";

/** An extract of a known moment. */
export type DatedFacts = ExtractFacts & { readonly to: string };

/** Days between an extract and the one before it of which no extract tells. */
export interface Gap {
  /** The days (YYYY-MM-DD) of which something is not known. */
  readonly days: readonly string[];
  /** The moments between which nothing is known, where both extracts say theirs; null where whole extracts are missing. */
  readonly between: readonly [after: string, before: string] | null;
}

/** Finds what is missing between an extract and the moment of the one before it; null where nothing is. A bulk tells of all days. */
export function missingBetween({ kind, from, to }: DatedFacts, last: string): Gap | null {
  if (kind === "bulk") return null;
  if (from !== null && from.length > 10 && last.length > 10) {
    if (from <= last) return null;
    return { days: days(dayOfMoment(last), dayOfMoment(from)), between: [last, from] };
  }
  const first = lastWholeDay(last) + 1;
  const until = (from === null ? lastWholeDay(to) : dayOfMoment(from)) - 1;
  return until < first ? null : { days: days(first, until), between: null };
}

function days(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => isoDate(first + i));
}

/** "the extract complete to 2026-11-29 is missing": of extracts that nobody sees here. */
export function gapWords({ days, between }: Gap): string {
  if (between !== null) return `what changed between ${between.map(plainMoment).join(" and ")} is missing`;
  const [first, last] = [days[0]!, days.at(-1)!];
  return first === last
    ? `the extract complete to ${first} is missing`
    : `the extracts complete to ${first} through ${last} are missing`;
}

/** "2026-11-29 02:15" */
export function plainMoment(moment: string): string {
  return moment.slice(0, 16).replace("T", " ");
}
