/**
 * The run chart: a share over time, with limits where they mean something, and with notes. A point that is known as an
 * interval is a bar from its low to its high end. Points are joined only where the same practices contribute.
 */
import type { Interval } from "@cairn/statistics/intervals";
import { longDate, percent, percentRange, shortMonth, svg, type Markup } from "@cairn/text";
import { scaleLinear } from "d3-scale";
import {
  BLUE,
  bottomAxis,
  BROWN,
  coordinate,
  frame,
  GREY,
  leftAxis,
  ORANGE,
  path,
  shareScale,
  TICKS,
  WIDTH,
  INK,
} from "./frame.js";
import type { Chart, ChartHeading, Scale } from "./frame.js";

interface RunPoint {
  /** Reference date (ISO). */
  readonly date: string;
  /** A share in 0..1; or why there is none, in words for the table: "not shown", "withheld", "not yet due". */
  readonly share: Interval | string;
  /** Whether the same practices contribute as to the point before. */
  readonly joined: boolean;
  /** What it is a share of, in words for the table: "61 of 80 people". */
  readonly counts?: string;
}

interface RunNote {
  /** ISO. */
  readonly date: string;
  readonly text: string;
}

interface RunAim {
  /** From this date (ISO) on. */
  readonly date: string;
  /** To this date (ISO); to the end of the picture where it has none. */
  readonly until: string | null;
  /** In 0..1. */
  readonly share: number;
  readonly text: string;
}

export interface RunChartInput extends ChartHeading {
  /** In order of date, one or more. */
  readonly points: readonly RunPoint[];
  /** Mean and outer limits in 0..1 (XmR); null where there are too few points or too few different values. */
  readonly limits: { readonly mean: Interval; readonly outer: Interval } | null;
  readonly notes: readonly RunNote[];
  readonly aims: readonly RunAim[];
}

export interface RunChart extends Chart {
  /** Whether a point is drawn as a bar: a range that is taller than a dot. */
  readonly hasBars: boolean;
  /** What the numbers in the picture stand for. */
  readonly notes: readonly { readonly number: number; readonly date: string; readonly text: string }[];
}

const TOP = 26; // for the numbers of notes
const HEIGHT = 220;
const LEFT = 92; // "100 %" in the large letters of a phone
const RIGHT = WIDTH - 60; // half of the last date stands beyond its end

/** Draws the run chart. @throws RangeError for no points, or points that are not in order of date */
export function runChart(input: RunChartInput): RunChart {
  const { points, limits, aims } = input;
  const days = points.map(({ date }) => day(date));
  if (points.length === 0 || days.some((each, i) => i > 0 && each <= (days[i - 1] as number)))
    throw new RangeError("a run chart needs points in order of date");
  const notes = [...input.notes]
    .sort((a, b) => day(a.date) - day(b.date))
    .map((note, i) => ({ number: i + 1, ...note }));
  const dates = [
    ...points.map(({ date }) => date),
    ...notes.map(({ date }) => date),
    ...aims.flatMap(({ date, until }) => [date, until ?? date]),
  ];
  const all = dates.map(day);
  // An aim or a note beyond the points stretches the picture: its end is then named, too.
  const newest = dates.reduce((a, b) => (a < b ? b : a));
  const ends = [...new Set([...points.map(({ date }) => date), newest])];
  const x = scaleLinear()
    .domain([Math.min(...all), Math.max(...all) + (all.length === 1 ? 1 : 0)])
    .range([LEFT + 12, RIGHT - 12]);
  const highest = points.map(({ share }) => (typeof share === "string" ? 0 : share.high));
  const y = shareScale(
    [...highest, limits?.outer.high ?? 0, ...aims.map(({ share }) => share)],
    [HEIGHT, TOP],
  );
  const counted = points.some(({ counts }) => counts !== undefined);
  const parts = [
    leftAxis(y, LEFT, RIGHT),
    bottomAxis(x, HEIGHT, dateTicks(ends, x)),
    ...limitLines(limits, y),
    ...aims.map((aim) => aimLine(aim, x, y)),
    ...noteLines(notes, x),
    ...line(points, x, y),
    ...points.map((point) => mark(point, x, y)),
  ];
  return {
    svg: frame(input, "run-chart", HEIGHT + TICKS, describe(input), parts),
    table: {
      headings: ["Date", "Share", ...(counted ? ["Counted"] : []), "Notes"],
      rows: points.map(({ date, share, counts }) => [
        longDate(date),
        typeof share === "string" ? share : percentRange(share),
        ...(counted ? [counts ?? ""] : []),
        notes
          .filter((note) => note.date === date)
          .map(({ text }) => text)
          .join("; "),
      ]),
    },
    notes,
    hasBars: points.some(({ share }) => typeof share !== "string" && isBar(share, y)),
  };
}

function day(iso: string): number {
  return Date.parse(iso) / 86_400_000;
}

/** Last and first date, and between them as many as have room. @param dates ISO, ascending */
function dateTicks(dates: readonly string[], x: Scale): { at: number; label: string }[] {
  const room = 150; // "Sept 2025" in the large letters of a phone
  const ticks: { at: number; label: string }[] = [];
  for (const date of [...dates.slice(-1), ...dates.slice(0, 1), ...dates.toReversed()]) {
    const at = day(date);
    if (ticks.every((other) => Math.abs(x(other.at) - x(at)) >= room))
      ticks.push({ at, label: shortMonth(date) });
  }
  return ticks;
}

function limitLines(limits: RunChartInput["limits"], y: Scale): Markup[] {
  if (!limits) return [];
  const across = (share: number, dashes: string): Markup => {
    const at = coordinate(y(Math.min(y.domain()[1] as number, Math.max(0, share))));
    return svg`<line x1="${LEFT}" x2="${RIGHT}" y1="${at}" y2="${at}" stroke="${BROWN}" stroke-width="1.5" stroke-dasharray="${dashes}"/>`;
  };
  const { mean, outer } = limits;
  return [across((mean.low + mean.high) / 2, "none"), across(outer.low, "6 4"), across(outer.high, "6 4")];
}

function aimLine({ date, until, share }: RunAim, x: Scale, y: Scale): Markup {
  const at = coordinate(y(share));
  return svg`<line x1="${coordinate(x(day(date)))}" x2="${until === null ? RIGHT : coordinate(x(day(until)))}" y1="${at}" y2="${at}" stroke="${ORANGE}" stroke-width="3"/>`;
}

/** Numbers nearer than their width stand together above the first of their dates: "2, 3". */
function noteLines(notes: RunChart["notes"], x: Scale): Markup[] {
  const together: { at: number; numbers: number[] }[] = [];
  for (const { number, date } of notes) {
    const at = x(day(date));
    const last = together.at(-1);
    if (last && at - last.at < 36) last.numbers.push(number);
    else together.push({ at, numbers: [number] });
  }
  const lines = notes.map(({ date }) => {
    const at = coordinate(x(day(date)));
    return svg`<line x1="${at}" x2="${at}" y1="${TOP - 4}" y2="${HEIGHT}" stroke="${GREY}" stroke-dasharray="2 4"/>`;
  });
  const labels = together.map(
    ({ at, numbers }) =>
      svg`<text x="${coordinate(at)}" y="${TOP - 8}" text-anchor="middle" font-size="17" fill="${INK}">${numbers.join(", ")}</text>`,
  );
  return [...lines, ...labels];
}

/** The parts of the line: it ends where nothing is known, and where other practices contribute. */
function line(points: readonly RunPoint[], x: Scale, y: Scale): (Markup | null)[] {
  const parts: [number, number][][] = [];
  for (const { date, share, joined } of points) {
    if (typeof share === "string") {
      parts.push([]);
      continue;
    }
    if (!joined || parts.length === 0) parts.push([]);
    parts.at(-1)?.push([x(day(date)), y((share.low + share.high) / 2)]);
  }
  return parts.map((part) => path(part, BLUE));
}

/** A dot, or a bar where the share is known as a range that is taller than a dot. */
function mark({ date, share }: RunPoint, x: Scale, y: Scale): Markup | null {
  if (typeof share === "string") return null;
  const at = coordinate(x(day(date)));
  const [top, bottom] = [y(share.high), y(share.low)];
  if (!isBar(share, y))
    return svg`<circle cx="${at}" cy="${coordinate((top + bottom) / 2)}" r="5" fill="${BLUE}"/>`;
  return svg`<rect x="${coordinate(x(day(date)) - 4)}" y="${coordinate(top)}" width="8" height="${coordinate(bottom - top)}" rx="4" fill="${BLUE}"/>`;
}

function isBar({ low, high }: Interval, y: Scale): boolean {
  return y(low) - y(high) > 10;
}

function describe({ points, limits, notes, aims }: RunChartInput): string {
  const said = points.map(
    ({ date, share }) => `${longDate(date)}: ${typeof share === "string" ? share : percentRange(share)}`,
  );
  const extra = [
    limits && `Mean ${percentRange(limits.mean)}, limits ${percentRange(limits.outer)}.`,
    notes.length > 0 && `Notes at ${notes.map(({ date }) => longDate(date)).join(", ")}.`,
    ...aims.map(({ date, share }) => `Aim of ${percent(share)} from ${longDate(date)}.`),
  ].filter(Boolean);
  return [`Share over time. ${said.join("; ")}.`, ...extra].join(" ");
}
