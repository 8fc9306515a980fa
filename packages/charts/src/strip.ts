/**
 * The strip chart: how a group's practices spread over one measure, without a name. Each practice is the same dot at
 * a whole percentage point: no bar, size, band or label, because an exact value or the width of an interval would say
 * which practice it is. Dots nearer than their width are stacked, so that none covers another; the height of a dot
 * follows from the places of all and from nothing else.
 */
import type { Interval } from "@cairn/statistics/intervals";
import { type Markup, percent, percentRange, svg } from "@cairn/text";
import {
  BLUE,
  BROWN,
  coordinate,
  diamond,
  frame,
  referenceMark,
  referenceWords,
  MARGIN,
  ORANGE,
  shareAxis,
  shareScale,
  PAPER,
} from "./frame.js";
import { TICKS, WIDTH, type ChartHeading, type PublishedSpread, type Scale } from "./frame.js";

export interface StripInput extends ChartHeading {
  /** Places of the dots in per cent, whole numbers, in an order that carries no information. */
  readonly dots: readonly number[];
  /** The group's median, in 0..1; a range where numbers are ranges, null where the group has none. */
  readonly median: Interval | null;
  /** The legend's name of the median; it is not in the picture, where words would not fit on a phone. */
  readonly medianLabel: string;
  /** A published population, in 0..1: its median, and from its lowest to its highest tenth. */
  readonly reference?: PublishedSpread | null;
  /** The reader's own share, in 0..1: only on the practice's own pages. */
  readonly own?: Interval | null;
}

export interface Strip {
  readonly svg: Markup;
  /** The legend's text for the band in the picture; empty where there is none. */
  readonly legend: string;
  /** The same numbers for a reader who sees no chart: how many practices at each percentage point. */
  readonly table: readonly { readonly percent: number; readonly practices: number }[];
}

const RADIUS = 7;
/** Least distance between the middles of two dots that do not touch: two radii, the rim and a gap. */
const APART = 2 * RADIUS + 3;
const TOP = 8;
/** Height of the row for the reader's own mark. */
const OWN = 26;

/**
 * Draws the strip.
 * @throws RangeError where a dot is not a whole percentage from 0 to 100: nothing finer may be drawn.
 */
export function strip(input: StripInput): Strip {
  const counts = countUp(input.dots);
  const { median, own, reference } = input;
  const shares = [...input.dots.map(share), median?.high ?? 0, own?.high ?? 0, reference?.middle.high ?? 0];
  const x = shareScale(shares, [MARGIN, WIDTH - MARGIN]);
  const heights = stackUp(input.dots, x);
  const row = own ? OWN : 0;
  const axis = TOP + (Math.max(0, ...heights) + 1) * APART + 6 + row;
  const parts = [
    reference ? referenceMark(reference, x, TOP - 4, axis) : null,
    medianMark(input, x, axis),
    shareAxis(x, axis),
    ...dots(input.dots, heights, x, axis - row),
    own ? ownMark(own, x, axis - row / 2 - 3) : null,
  ];
  return {
    svg: frame(input, "strip", axis + TICKS, describe(input, counts), parts),
    legend: input.median ? input.medianLabel : "",
    table: tableOf(counts),
  };
}

/** A share in 0..1 from a whole per cent. */
function share(whole: number): number {
  return whole / 100;
}

function countUp(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) {
    if (!Number.isInteger(value) || value < 0 || value > 100)
      throw new RangeError("a dot stands at a whole per cent");
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** The layer of each dot, 0 the lowest: from left to right, in the lowest layer whose last dot is far enough away. */
function stackUp(values: readonly number[], x: Scale): number[] {
  const heights = values.map(() => 0);
  const ends: number[] = []; // the last dot of each layer
  const across = values.map((value, i) => ({ at: x(share(value)), i })).sort((a, b) => a.at - b.at);
  for (const { at, i } of across) {
    const free = ends.findIndex((end) => at - end >= APART);
    const layer = free < 0 ? ends.length : free;
    ends[layer] = at;
    heights[i] = layer;
  }
  return heights;
}

function tableOf(counts: ReadonlyMap<number, number>): Strip["table"] {
  return [...counts].sort(([a], [b]) => a - b).map(([percent, practices]) => ({ percent, practices }));
}

/** The dots as SVG, in the order given. */
function dots(values: readonly number[], heights: readonly number[], x: Scale, axis: number): Markup[] {
  return values.map((value, i) => {
    const y = axis - 6 - RADIUS - (heights[i] ?? 0) * APART;
    return svg`<circle cx="${coordinate(x(share(value)))}" cy="${coordinate(y)}" r="${RADIUS}" fill="${BLUE}" stroke="${PAPER}" stroke-width="1.5"/>`;
  });
}

function medianMark({ median }: StripInput, x: Scale, axis: number): Markup | null {
  if (!median) return null;
  const from = x(median.low);
  const width = Math.max(3, x(median.high) - from);
  return svg`<rect x="${coordinate(from)}" y="${TOP - 4}" width="${coordinate(width)}" height="${axis - TOP + 4}" fill="${ORANGE}" fill-opacity="0.45" stroke="${BROWN}"/>`;
}

/** A diamond in the middle of the reader's own range, with a line to its ends, in a row below the dots. */
function ownMark(own: Interval, x: Scale, y: number): Markup {
  const at = coordinate(y);
  return svg`<line x1="${coordinate(x(own.low))}" x2="${coordinate(x(own.high))}" y1="${at}" y2="${at}" stroke="${BLUE}" stroke-width="3"/>${diamond(x((own.low + own.high) / 2), y)}`;
}

function describe(
  { median, dots: all, reference, own }: StripInput,
  counts: ReadonlyMap<number, number>,
): string {
  const points = tableOf(counts).map(({ percent: at, practices }) => `${practices} at ${percent(at / 100)}`);
  return [
    `${all.length} practices as dots on a line from ${percent(0)}: ${points.join(", ")}.`,
    median && `The middle of the group is at ${percentRange(median)}.`,
    reference && referenceWords(reference),
    own && `This practice is at ${percentRange(own)}.`,
  ]
    .filter(Boolean)
    .join(" ");
}
