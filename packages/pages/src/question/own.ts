/** A practice's own numbers: as a share, and as a line over time with its own notes. */
import { ownSentences, ownSeriesOf, percentOrNot, type OwnFigure, type Sum } from "@cairn/comparisons";
import type { Query } from "@cairn/query-library";
import { longDate, type Markup } from "@cairn/text";
import { noLine, runFigure, type Tables } from "./figures.js";
import type { OwnNote } from "./view.js";

interface Share {
  readonly low: number;
  readonly high: number;
}

/** The share in 0..1; null where there is none or it could be anything. */
export function shareOf(sum: Sum | null): Share | null {
  if (!sum || sum.denominator.low <= 0) return null;
  const { numerator: x, denominator: n } = sum;
  const share = { low: x.low / n.high, high: Math.min(1, x.high / n.low) };
  return percentOrNot(share) === null ? null : share;
}

interface OwnLine {
  readonly id: string;
  readonly title: string;
  readonly query: Query;
  /** In order of date; each may say in words what it is a share of. */
  readonly figures: readonly (OwnFigure & { readonly counts?: string })[];
  readonly notes: readonly OwnNote[];
}

/** The own run chart with the notes from its first date on, and what it says of change; null for fewer than two dates. */
export function ownLine({ id, title, query, figures, notes }: OwnLine, tables: Tables): Markup | null {
  const [first, second] = figures;
  if (!first || !second) return null;
  const { points, limits } = ownSeriesOf(query, figures);
  const standing = notes.filter(({ date }) => date >= first.date);
  if (standing.length === 0 && points.every(({ share }) => typeof share === "string")) return noLine(points);
  const input = {
    ...{ id, title, aims: [] },
    points: points.map((point, i) => {
      const { counts } = figures[i] ?? {};
      return counts === undefined ? point : { ...point, counts };
    }),
    limits: typeof limits === "string" ? null : limits,
    notes: standing.map(({ date, text }) => ({ date, text: `${longDate(date)}. ${text}` })),
  };
  return runFigure(input, ownSentences(query, figures, limits), tables);
}
