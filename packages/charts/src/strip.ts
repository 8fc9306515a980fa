/**
 * The strip: how a group's practices spread over one measure, none of them named.
 *
 * Each practice is the same dot at a whole percentage point: no bar, size, band or label, because an exact
 * value or the width of an interval would say which practice it is.
 */
import type { Interval } from "@cairn/statistics";
import { scaleLinear } from "d3-scale";
import { escapeXml, number } from "./svg.js";

export interface StripInput {
  /** Unique on the page; prefixes the ids of title and description. */
  readonly id: string;
  readonly title: string;
  /** Per cent, whole; in an order that says nothing. */
  readonly dots: readonly number[];
  /** The group's median, per cent; a range where numbers are ranges. Null where the group has none. */
  readonly median: Interval | null;
  /** What the median is called beside its mark. */
  readonly medianLabel: string;
}

export interface Strip {
  readonly svg: string;
  /** The same numbers for a reader who sees no chart: how many practices at each percentage point. */
  readonly table: readonly { readonly percent: number; readonly practices: number }[];
}

const WIDTH = 520;
const MARGIN = 24;
const RADIUS = 7;
const STEP = 2 * RADIUS + 3;
const TOP = 36;

/** @throws RangeError where a dot is not a whole percentage from 0 to 100: nothing finer may be drawn. */
export function strip(input: StripInput): Strip {
  const stacks = stackUp(input.dots);
  const tallest = Math.max(1, ...stacks.values());
  const axis = TOP + tallest * STEP + 6;
  const most = Math.max(10, ...input.dots, input.median?.high ?? 0);
  const x = scaleLinear()
    .domain([0, most > 50 ? 100 : most])
    .nice(5)
    .range([MARGIN, WIDTH - MARGIN]);
  const parts = [medianMark(input, x, axis), axisLine(x, axis), ...dots(input.dots, x, axis)];
  return { svg: frame(input, axis + 40, describe(input, stacks), parts), table: tableOf(stacks) };
}

type Scale = ReturnType<typeof scaleLinear<number>>;

function stackUp(values: readonly number[]): Map<number, number> {
  const stacks = new Map<number, number>();
  for (const value of values) {
    if (!Number.isInteger(value) || value < 0 || value > 100)
      throw new RangeError("a dot stands at a whole per cent");
    stacks.set(value, (stacks.get(value) ?? 0) + 1);
  }
  return stacks;
}

function tableOf(stacks: ReadonlyMap<number, number>): Strip["table"] {
  return [...stacks].sort(([a], [b]) => a - b).map(([percent, practices]) => ({ percent, practices }));
}

/** In the order given, each on top of those already at its point. */
function dots(values: readonly number[], x: Scale, axis: number): string[] {
  const height = new Map<number, number>();
  return values.map((value) => {
    const below = height.get(value) ?? 0;
    height.set(value, below + 1);
    const y = axis - 6 - RADIUS - below * STEP;
    return `<circle cx="${number(x(value))}" cy="${number(y)}" r="${RADIUS}" fill="#005eb8" stroke="#ffffff" stroke-width="1.5"/>`;
  });
}

function medianMark({ median, medianLabel }: StripInput, x: Scale, axis: number): string {
  if (!median) return "";
  const from = x(median.low);
  const width = Math.max(3, x(median.high) - from);
  const middle = from + width / 2;
  const anchor = middle < WIDTH * 0.25 ? "start" : middle > WIDTH * 0.75 ? "end" : "middle";
  return [
    `<rect x="${number(from)}" y="${TOP - 8}" width="${number(width)}" height="${axis - TOP + 8}" fill="#ed8b00" fill-opacity="0.45" stroke="#8a4b00"/>`,
    `<text x="${number(middle)}" y="${TOP - 14}" text-anchor="${anchor}" font-size="17" fill="#212b32">${escapeXml(medianLabel)}</text>`,
  ].join("");
}

function axisLine(x: Scale, axis: number): string {
  const [from, to] = x.range() as [number, number];
  const ticks = x.ticks(5).map((tick) => {
    const at = number(x(tick));
    return `<line x1="${at}" x2="${at}" y1="${axis}" y2="${axis + 6}" stroke="#4c6272"/><text x="${at}" y="${axis + 23}" text-anchor="middle" font-size="17" fill="#212b32">${tick}%</text>`;
  });
  return `<line x1="${number(from)}" x2="${number(to)}" y1="${axis}" y2="${axis}" stroke="#4c6272"/>${ticks.join("")}`;
}

function describe({ median, dots: all }: StripInput, stacks: ReadonlyMap<number, number>): string {
  const points = tableOf(stacks).map(({ percent, practices }) => `${practices} at ${percent}%`);
  const middle = median ? ` ${medianWords(median)}` : "";
  return `${all.length} practices as dots on a line from 0%: ${points.join(", ")}.${middle}`;
}

function medianWords({ low, high }: Interval): string {
  const [from, to] = [Math.round(low), Math.round(high)];
  return from === to
    ? `The middle of the group is at ${from}%.`
    : `The middle of the group lies between ${from}% and ${to}%.`;
}

function frame(
  { id, title }: StripInput,
  height: number,
  description: string,
  parts: readonly string[],
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" class="cairn-strip" viewBox="0 0 ${WIDTH} ${height}" aria-labelledby="${escapeXml(id)}-title" aria-describedby="${escapeXml(id)}-desc"><title id="${escapeXml(id)}-title">${escapeXml(title)}</title><desc id="${escapeXml(id)}-desc">${escapeXml(description)}</desc>${parts.join("")}</svg>`;
}
