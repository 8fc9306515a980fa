/** The practice's own exact totals, for its own screens: people with a type 1 opt-out in their record are counted, and nothing of it leaves. */
import { answer } from "@cairn/engine";
import type { Query } from "@cairn/query-library";
import { type Records, requireAnswerable, UnanswerableError } from "@cairn/records";
import { at, OPT_OUTS_COUNTED, type ExactTable } from "@cairn/tables";

/** A query's exact totals; or why these records cannot answer it. */
export type QueryTotals = { readonly digest: string } & (
  { readonly figures: readonly DateTotals[] } | { readonly unanswerable: string }
);

export interface DateTotals {
  readonly date: string; // ISO
  readonly numerator: number;
  readonly denominator: number;
}

/** Counts each query at its dates. Queries asked for the same dates share what they have in common. */
export function exactTotals(
  records: Records,
  asked: readonly { readonly query: Query; readonly dates: readonly string[] }[],
): QueryTotals[] {
  const source = records.source();
  const found = new Map<string, QueryTotals>();
  const alike = new Map<string, { readonly dates: readonly string[]; readonly queries: Query[] }>();
  for (const { query, dates } of asked) {
    const why = whyUnanswerable(query, records);
    if (why !== null) found.set(query.digest, { digest: query.digest, unanswerable: why });
    else
      alike.set(dates.join(" "), { dates, queries: [...(alike.get(dates.join(" "))?.queries ?? []), query] });
  }
  for (const { dates, queries } of alike.values()) {
    const tables = answer(source, queries, dates, OPT_OUTS_COUNTED);
    queries.forEach(({ digest }, q) => found.set(digest, { digest, figures: at(tables, q).map(figureOf) }));
  }
  return [...found.values()];
}

function figureOf({ date, cells }: ExactTable): DateTotals {
  const { numerator, denominator } = at(cells, 0);
  return { date, numerator, denominator };
}

function whyUnanswerable(query: Query, records: Records): string | null {
  try {
    requireAnswerable(query, records);
    return null;
  } catch (error) {
    if (error instanceof UnanswerableError) return error.message;
    throw error;
  }
}
