/** How practices spread at each date, from their lowest to their highest tenth, with the group's middle beside it. */
import { quantile, type Interval } from "@cairn/statistics/intervals";
import type { ComparisonModel } from "../document.js";
import { FEWEST_PRACTICES, MOST_WITHHELD } from "../reference.js";
import { percentOrNot } from "../words.js";
import { everyoneIn } from "./series.js";
import type { Sight } from "./spread.js";

/** Shares in 0..1. */
interface BandsDate {
  readonly date: string; // ISO
  /** p10 to p90: all nine, or p10, p50 and p90; the same at each date. */
  readonly deciles: readonly number[];
  /** The middle of the group's practices; null where it is not shown. */
  readonly median: Interval | null;
}

export interface DecileSeries {
  readonly of: "elsewhere" | "this-group";
  /** The places where the figures were published; empty of a group's own. */
  readonly sources: readonly string[];
  readonly dates: readonly BandsDate[]; // two or more, in order
}

const ALL_DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/**
 * Makes the bands of practices elsewhere, at each date by the figure that was published last, where figures of several dates
 * were; else those of the group's own practices, of the dates at which 30 or more show both numbers.
 * @returns "one-date" where a figure was published of one date alone; null where there is nothing to draw
 */
export function bandsOverTime(
  dates: readonly ComparisonModel[],
  sees: Sight,
): DecileSeries | "one-date" | null {
  const published = dates.flatMap((model) =>
    model.reference?.of === "elsewhere" ? [{ model, reference: model.reference }] : [],
  );
  if (new Set(published.map(({ reference }) => reference.date)).size > 1)
    return {
      of: "elsewhere",
      sources: [...new Set(published.map(({ reference }) => reference.source))],
      dates: published.map(({ model, reference: { p10, p50, p90 } }) => dateOf(model, [p10, p50, p90])),
    };
  const own = dates.flatMap((model) => {
    const deciles = ownDeciles(model, sees);
    return deciles === null ? [] : [dateOf(model, deciles)];
  });
  if (own.length > 1) return { of: "this-group", sources: [], dates: own };
  return published.length > 0 ? "one-date" : null;
}

function dateOf(model: ComparisonModel, deciles: readonly number[]): BandsDate {
  const median = everyoneIn(model)?.figure.median ?? null;
  return { date: model.date, deciles, median: median && percentOrNot(median) === null ? null : median };
}

/** The deciles of a large group's dots; for a reader who sees none, the three of its own reference. */
function ownDeciles({ cells, reference }: ComparisonModel, sees: Sight): readonly number[] | null {
  if (sees === "group")
    return reference?.of === "this-group" ? [reference.p10, reference.p50, reference.p90] : null;
  const { dots, practices } = cells.find(({ position }) => position === 0) ?? {};
  if (typeof dots !== "object" || !practices || dots.length < FEWEST_PRACTICES) return null;
  if (practices.withheld > MOST_WITHHELD * (dots.length + practices.withheld)) return null;
  return ALL_DECILES.map((p) => quantile(dots, p) / 100);
}
