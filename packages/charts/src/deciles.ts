/**
 * Decile bands over time: how shares spread in a reference population at each date, from its lowest to its highest tenth,
 * with the reader's own or the group's share as marks.
 */
import type { Interval } from "@cairn/statistics/intervals";
import { longDate, percent, percentRange, shortMonth, svg, type Markup } from "@cairn/text";
import { scaleLinear } from "d3-scale";
import {
  BROWN,
  bottomAxis,
  coordinate,
  diamond,
  frame,
  leftAxis,
  ORANGE,
  path,
  shareScale,
  TICKS,
  WIDTH,
  BLUE,
} from "./frame.js";
import type { Chart, ChartHeading, Scale } from "./frame.js";

interface DecileDate {
  /** ISO. */
  readonly date: string;
  /** The deciles p10 to p90, in 0..1, none below the one before: all nine, or p10, p50 and p90. At each date as many. */
  readonly deciles: readonly number[];
  /** The share that is marked, in 0..1; null where there is none. */
  readonly share: Interval | null;
}

export interface DecilesInput extends ChartHeading {
  /** In order of date, one or more. */
  readonly dates: readonly DecileDate[];
  /** Names what is marked: "This practice", "The group". */
  readonly label: string;
}

const TOP = 12;
const HEIGHT = 220;
const LEFT = 92; // "100 %" in the large letters of a phone
const RIGHT = WIDTH - 60; // half of the last date stands beyond its end
/** Draws the bands. @throws RangeError for no dates, or deciles that are not nine or three in ascending order */
export function decileBands(input: DecilesInput): Chart {
  const { dates, label } = input;
  const number = dates[0]?.deciles.length ?? 0;
  const holds = ({ deciles }: DecileDate): boolean => deciles.length === number && ascending(deciles);
  if (![3, 9].includes(number) || !dates.every(holds))
    throw new RangeError("decile bands need nine deciles, or three, in ascending order at each date");
  const middle = (number - 1) / 2;
  const days = dates.map(({ date }) => Date.parse(date));
  const x = scaleLinear()
    .domain([Math.min(...days), Math.max(...days) + (days.length === 1 ? 1 : 0)])
    .range([LEFT + 12, RIGHT - 12]);
  const y = shareScale(
    dates.flatMap(({ deciles, share }) => [...deciles, share?.high ?? 0]),
    [HEIGHT, TOP],
  );
  const at = (i: number): number => x(days[i] as number);
  const parts = [
    leftAxis(y, LEFT, RIGHT),
    bottomAxis(x, HEIGHT, dateTicks(dates, days, x)),
    // Pairs of deciles bound a band, from the widest; the median is a line.
    ...Array.from({ length: middle }, (_, i) => band(dates, i, number - 1 - i, at, y)),
    path(
      dates.map(({ deciles }, i) => [at(i), y(deciles[middle] as number)] as const),
      BROWN,
    ),
    ...dates.map(({ share }, i) => (share ? own(share, at(i), y) : null)),
  ];
  return {
    svg: frame(input, "deciles", HEIGHT + TICKS, describe(input), parts),
    table: {
      headings: ["Date", label, "Lowest tenth up to", "Middle", "Highest tenth from"],
      rows: dates.map(({ date, deciles, share }) => [
        longDate(date),
        share ? percentRange(share) : "not shown",
        percent(deciles[0] as number),
        percent(deciles[middle] as number),
        percent(deciles.at(-1) as number),
      ]),
    },
  };
}

function ascending(deciles: readonly number[]): boolean {
  return deciles.every((decile, i) => i === 0 || decile >= (deciles[i - 1] as number));
}

/** First and last date. */
function dateTicks(
  dates: readonly DecileDate[],
  days: readonly number[],
  x: Scale,
): { at: number; label: string }[] {
  const ends = [...new Set([0, dates.length - 1])];
  const apart = x(days.at(-1) as number) - x(days[0] as number);
  return (apart < 150 ? ends.slice(-1) : ends).map((i) => ({
    at: days[i] as number,
    label: shortMonth((dates[i] as DecileDate).date),
  }));
}

function band(
  dates: readonly DecileDate[],
  low: number,
  high: number,
  at: (i: number) => number,
  y: Scale,
): Markup {
  const along = (decile: number): string[] =>
    dates.map(({ deciles }, i) => `${coordinate(at(i))},${coordinate(y(deciles[decile] as number))}`);
  return svg`<polygon points="${[...along(high), ...along(low).reverse()].join(" ")}" fill="${ORANGE}" fill-opacity="0.18"/>`;
}

function own(share: Interval, at: number, y: Scale): Markup {
  const middle = y((share.low + share.high) / 2);
  return svg`<line x1="${coordinate(at)}" x2="${coordinate(at)}" y1="${coordinate(y(share.low))}" y2="${coordinate(y(share.high))}" stroke="${BLUE}" stroke-width="2"/>${diamond(at, middle)}`;
}

function describe({ dates, label }: DecilesInput): string {
  const said = dates.map(({ date, deciles, share }) => {
    const median = deciles[(deciles.length - 1) / 2] as number;
    const spread = `tenths from ${percent(deciles[0] as number)} to ${percent(deciles.at(-1) as number)}, middle ${percent(median)}`;
    return `${longDate(date)}: ${label} ${share ? percentRange(share) : "not shown"}; ${spread}`;
  });
  return `${said.join(". ")}.`;
}
