/** The distribution of many practices over one measure: how many there are in each band of shares, none of them named. */
import type { Interval } from "@cairn/statistics/intervals";
import { count, percent, percentRange, svg, type Markup } from "@cairn/text";
import {
  BLUE,
  BROWN,
  coordinate,
  diamond,
  frame,
  GREY,
  MARGIN,
  ORANGE,
  referenceMark,
  referenceWords,
  shareAxis,
  shareScale,
  TICKS,
  WIDTH,
  INK,
} from "./frame.js";
import type { Chart, ChartHeading, PublishedSpread, Scale } from "./frame.js";

/** Fewer practices than this are shown one by one, in a strip. */
const FEWEST = 40;

export interface DistributionInput extends ChartHeading {
  /** Places of practices in per cent, whole numbers, 40 or more. */
  readonly places: readonly number[];
  /** The median of all, in 0..1. */
  readonly median: Interval | null;
  readonly reference: PublishedSpread | null;
  /** The reader's own share, in 0..1: only on the practice's own pages. */
  readonly own: Interval | null;
}

/** Below the words on how many practices the highest bar is. */
const TOP = 44;
const HEIGHT = 220;

/**
 * Draws the distribution in bands of two or five points.
 * @throws RangeError for fewer than 40 places, or one that is not a whole percentage from 0 to 100
 */
export function distribution(input: DistributionInput): Chart {
  const { places, median, reference, own } = input;
  if (places.length < FEWEST) throw new RangeError(`fewer than ${FEWEST} practices are shown in a strip`);
  if (!places.every((place) => Number.isInteger(place) && place >= 0 && place <= 100))
    throw new RangeError("a place is a whole per cent");
  const x = shareScale(
    [
      ...places.map((place) => Math.min(100, place + 2) / 100),
      own?.high ?? 0,
      median?.high ?? 0,
      reference?.middle.high ?? 0,
    ],
    [MARGIN, WIDTH - MARGIN],
  );
  const width = (x.domain()[1] as number) > 0.5 ? 5 : 2;
  const bands = bandsOf(places, width);
  const most = Math.max(...bands.map(({ practices }) => practices));
  const up = (practices: number): number => HEIGHT - ((HEIGHT - TOP) * practices) / most;
  const parts = [
    reference && referenceMark(reference, x, TOP - 10, HEIGHT),
    highest(most),
    ...bands.map(({ from, practices }) => bar(x(from / 100), x((from + width) / 100), up(practices))),
    median && middle(median, x),
    shareAxis(x, HEIGHT),
    own && diamondOf(own, x),
  ];
  return {
    svg: frame(input, "distribution", HEIGHT + TICKS, describe(input, bands, width), parts),
    table: {
      headings: ["Share", "Practices"],
      rows: bands.map(({ from, practices }) => [bandWords(from, width), String(practices)]),
    },
  };
}

interface Band {
  /** In per cent. */
  readonly from: number;
  readonly practices: number;
}

/** How many practices there are in each band, from the first to the last that has any; 100 % belongs to the last band. */
function bandsOf(places: readonly number[], width: number): Band[] {
  const counts = new Map<number, number>();
  for (const place of places) {
    const from = Math.floor(Math.min(place, 99) / width) * width;
    counts.set(from, (counts.get(from) ?? 0) + 1);
  }
  const [first, last] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  return Array.from({ length: (last - first) / width + 1 }, (_, i) => ({
    from: first + i * width,
    practices: counts.get(first + i * width) ?? 0,
  }));
}

/** "10 to 14 %" */
function bandWords(from: number, width: number): string {
  const to = from + width >= 100 ? 100 : from + width - 1;
  return percentRange({ low: from / 100, high: to / 100 });
}

function bar(left: number, right: number, top: number): Markup {
  return svg`<rect x="${coordinate(left + 1)}" y="${coordinate(top)}" width="${coordinate(Math.max(1, right - left - 2))}" height="${coordinate(HEIGHT - top)}" fill="${BLUE}" fill-opacity="0.55"/>`;
}

/** A line at the top of the highest bar, which says how many practices it is. */
function highest(most: number): Markup {
  return svg`<line x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${TOP}" y2="${TOP}" stroke="${GREY}" stroke-opacity="0.25"/><text x="${MARGIN}" y="${TOP - 14}" font-size="17" fill="${INK}">${count(most)} practices</text>`;
}

function middle({ low, high }: Interval, x: Scale): Markup {
  return svg`<rect x="${coordinate(x(low))}" y="${TOP - 10}" width="${coordinate(Math.max(3, x(high) - x(low)))}" height="${HEIGHT - TOP + 10}" fill="${ORANGE}" fill-opacity="0.6" stroke="${BROWN}"/>`;
}

function diamondOf({ low, high }: Interval, x: Scale): Markup {
  const at = HEIGHT - 12;
  return svg`<line x1="${coordinate(x(low))}" x2="${coordinate(x(high))}" y1="${at}" y2="${at}" stroke="${INK}" stroke-width="3"/>${diamond(x((low + high) / 2), at)}`;
}

function describe(
  { places, median, reference, own }: DistributionInput,
  bands: readonly Band[],
  width: number,
): string {
  const said = bands
    .filter(({ practices }) => practices > 0)
    .map(({ from, practices }) => `${practices} at ${bandWords(from, width)}`);
  return [
    `${places.length} practices by share, from ${percent(0)}: ${said.join(", ")}.`,
    median && `The middle of all is at ${percentRange(median)}.`,
    reference && referenceWords(reference),
    own && `This practice is at ${percentRange(own)}.`,
  ]
    .filter(Boolean)
    .join(" ");
}
