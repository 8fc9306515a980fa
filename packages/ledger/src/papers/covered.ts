/** The days of which an export tells, against the period that is asked about. */
import { longDate } from "@cairn/text";
import type { Period } from "./period.js";

/** From a log's first entry to when it was exported, ISO days. */
interface ExportedSpan {
  readonly first: string;
  readonly last: string;
}

/** Null where nothing of a log can be read. @param exportedAt null where the export does not say: then its last entry counts */
export function coveredDays(log: {
  readonly entries: readonly { readonly time: string }[];
  readonly exportedAt: string | null;
}): ExportedSpan | null {
  const [first, last] = [log.entries[0]?.time, log.entries.at(-1)?.time];
  if (first === undefined || last === undefined) return null;
  return { first: first.slice(0, 10), last: (log.exportedAt ?? last).slice(0, 10) };
}

/** Whether no day of the period is covered. */
export function isOutside({ first, last }: ExportedSpan, { from, to }: Period): boolean {
  return (from !== null && from > last) || (to !== null && to < first);
}

/** Says what of the period a log does not cover; null where it covers all of it. @param whose "the log of Alder" */
export function uncoveredWords(
  whose: string,
  { first, last }: ExportedSpan,
  { from, to }: Period,
): string | null {
  const says = [
    ...((from !== null && from < first) || (to !== null && to < first)
      ? [`begins on ${longDate(first)}`]
      : []),
    ...((to !== null && to > last) || (from !== null && from > last)
      ? [`ends on ${longDate(last)}, when it was exported`]
      : []),
  ];
  if (says.length === 0) return null;
  const of = isOutside({ first, last }, { from, to })
    ? "so it tells nothing of this period"
    : "so of the other days of the period it tells nothing";
  return `${whose} ${says.join(" and ")}, ${of}.`;
}
