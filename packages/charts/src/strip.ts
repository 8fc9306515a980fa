/**
 * The strip chart: how a group's practices spread over one measure, without a name. Each practice is the same dot at
 * a whole percentage point: no bar, size, band or label, because an exact value or the width of an interval would say
 * which practice it is. Dots nearer than their width are stacked, so that none covers another; the height of a dot
 * follows from the places of all and from nothing else.
 */
import type { Interval } from "@cairn/statistics";
import { type Markup, percent, percentRange, svg } from "@cairn/text";
import { scaleLinear } from "d3-scale";

export interface StripInput {
  /** Unique on the page; prefixes the ids of title and description. */
  readonly id: string;
  readonly title: string;
  /** Places of the dots in per cent, whole numbers, in an order that carries no information. */
  readonly dots: readonly number[];
  /** The group's median, in 0..1; a range where numbers are ranges, null where the group has none. */
  readonly median: Interval | null;
  /** The legend's name of the median; it is not in the picture, where words would not fit on a phone. */
  readonly medianLabel: string;
}

export interface Strip {
  readonly svg: Markup;
  /** The legend's text for the band in the picture; empty where there is none. */
  readonly legend: string;
  /** The same numbers for a reader who sees no chart: how many practices at each percentage point. */
  readonly table: readonly { readonly percent: number; readonly practices: number }[];
}

const WIDTH = 520;
const MARGIN = 40; // room for half of "100 %" in the large letters of a phone
const RADIUS = 7;
/** Least distance between the middles of two dots that do not touch: two radii, the rim and a gap. */
const APART = 2 * RADIUS + 3;
const TOP = 8;
const TICKS = 44; // below the axis, for the large letters of a phone

/**
 * Draws the strip.
 * @throws RangeError where a dot is not a whole percentage from 0 to 100: nothing finer may be drawn.
 */
export function strip(input: StripInput): Strip {
  const counts = countUp(input.dots);
  const most = Math.max(10, ...input.dots, 100 * (input.median?.high ?? 0));
  const x = scaleLinear()
    .domain([0, most > 50 ? 100 : most])
    .nice(5)
    .range([MARGIN, WIDTH - MARGIN]);
  const heights = stackUp(input.dots, x);
  const axis = TOP + (Math.max(0, ...heights) + 1) * APART + 6;
  const parts = [medianMark(input, x, axis), axisLine(x, axis), ...dots(input.dots, heights, x, axis)];
  return {
    svg: frame(input, axis + TICKS, describe(input, counts), parts),
    legend: input.median ? input.medianLabel : "",
    table: tableOf(counts),
  };
}

type Scale = ReturnType<typeof scaleLinear<number>>;

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
  const across = values.map((value, i) => ({ at: x(value), i })).sort((a, b) => a.at - b.at);
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
    return svg`<circle cx="${coordinate(x(value))}" cy="${coordinate(y)}" r="${RADIUS}" fill="#005eb8" stroke="#ffffff" stroke-width="1.5"/>`;
  });
}

function medianMark({ median }: StripInput, x: Scale, axis: number): Markup | null {
  if (!median) return null;
  const from = x(100 * median.low);
  const width = Math.max(3, x(100 * median.high) - from);
  return svg`<rect x="${coordinate(from)}" y="${TOP - 4}" width="${coordinate(width)}" height="${axis - TOP + 4}" fill="#ed8b00" fill-opacity="0.45" stroke="#8a4b00"/>`;
}

function axisLine(x: Scale, axis: number): Markup {
  const [from, to] = x.range() as [number, number];
  const ticks = x.ticks(5).map((tick) => {
    const at = coordinate(x(tick));
    return svg`<line x1="${at}" x2="${at}" y1="${axis}" y2="${axis + 6}" stroke="#4c6272"/><text x="${at}" y="${axis + 10}" dominant-baseline="hanging" text-anchor="middle" font-size="17" fill="#212b32">${percent(tick / 100)}</text>`;
  });
  return svg`<line x1="${coordinate(from)}" x2="${coordinate(to)}" y1="${axis}" y2="${axis}" stroke="#4c6272"/>${ticks}`;
}

function describe({ median, dots: all }: StripInput, counts: ReadonlyMap<number, number>): string {
  const points = tableOf(counts).map(({ percent: at, practices }) => `${practices} at ${percent(at / 100)}`);
  const middle = median ? ` The middle of the group is at ${percentRange(median)}.` : "";
  return `${all.length} practices as dots on a line from ${percent(0)}: ${points.join(", ")}.${middle}`;
}

function frame(
  { id, title }: StripInput,
  height: number,
  description: string,
  parts: readonly (Markup | null)[],
): Markup {
  return svg`<svg xmlns="http://www.w3.org/2000/svg" role="img" class="cairn-strip" viewBox="0 0 ${WIDTH} ${height}" aria-labelledby="${id}-title" aria-describedby="${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>${parts}</svg>`;
}

/** To a tenth of a pixel. */
function coordinate(value: number): number {
  return Math.round(value * 10) / 10;
}
