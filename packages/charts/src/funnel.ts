/**
 * The funnel: between which shares practices of each size lie by chance around a reference. Of practices it draws the
 * reader's own, and the group as a whole: a peer's place in it would tell its size, and so its name.
 */
import { funnelLimits, proportion, type Interval } from "@cairn/statistics/intervals";
import { count, countRange, percent, percentRange, svg, type Markup } from "@cairn/text";
import { scaleLinear } from "d3-scale";
import {
  BLUE,
  bottomAxis,
  BROWN,
  coordinate,
  diamond,
  frame,
  leftAxis,
  ORANGE,
  path,
  shareScale,
  TICKS,
  WIDTH,
  PAPER,
} from "./frame.js";
import type { Chart, ChartHeading, Scale } from "./frame.js";

/** Numerator and denominator of the reader's practice, or of the group. */
interface FunnelMark {
  readonly label: string;
  readonly own: boolean;
  readonly x: Interval;
  readonly n: Interval;
}

export interface FunnelInput extends ChartHeading {
  /** The reference's share, in 0..1. */
  readonly target: number;
  /** Variance between practices beyond chance, on the arcsine scale; 0 for none. */
  readonly tau2: number;
  readonly marks: readonly FunnelMark[];
}

const TOP = 12;
const HEIGHT = 240;
const LEFT = 92; // "100 %" in the large letters of a phone
const RIGHT = WIDTH - 40;

/** Draws the funnel. @throws RangeError where a mark's denominator may be 0, or there is no mark */
export function funnel(input: FunnelInput): Chart {
  const places = input.marks.map((mark) => ({ mark, share: proportion(mark.x, mark.n) }));
  if (places.length === 0 || places.some(({ mark }) => mark.n.low <= 0))
    throw new RangeError("a funnel needs marks of one person or more");
  const most = Math.max(...input.marks.map(({ n }) => n.high));
  const x = scaleLinear()
    .domain([0, most * 1.1])
    .range([LEFT, RIGHT]);
  const sizes = Array.from({ length: 80 }, (_, i) => ((i + 1) / 80) * most * 1.1);
  const highest = places.map(({ share }) => share?.high ?? 0);
  const y = shareScale([...highest, Math.min(1, 2 * input.target)], [HEIGHT, TOP]);
  const parts = [
    leftAxis(y, LEFT, RIGHT),
    bottomAxis(
      x,
      HEIGHT,
      x.ticks(3).map((tick) => ({ at: tick, label: count(tick) })),
    ),
    path(
      [LEFT, RIGHT].map((at) => [at, y(input.target)] as const),
      BROWN,
    ),
    ...([0.95, 0.998] as const).flatMap((level) => limitLines(input, level, sizes, x, y)),
    ...places.map(({ mark, share }) => (share ? markOf(mark, share, x, y) : null)),
  ];
  return {
    svg: frame(input, "funnel", HEIGHT + TICKS, describe(input), parts),
    table: {
      headings: ["Who", "Share", "People", "95 in 100 by chance", "998 in 1,000 by chance"],
      rows: places.map(({ mark, share }) => [
        mark.label,
        share ? percentRange(share) : "cannot tell",
        countRange(mark.n),
        ...([0.95, 0.998] as const).map((level) =>
          percentRange(within(funnelLimits(input.target, mark.n, level, input.tau2))),
        ),
      ]),
    },
  };
}

/** Limits drawn and said inside 0..1, where shares are. */
function within({ low, high }: Interval): Interval {
  return { low: Math.max(0, low), high: Math.min(1, high) };
}

function limitLines(
  { target, tau2 }: FunnelInput,
  level: 0.95 | 0.998,
  sizes: readonly number[],
  x: Scale,
  y: Scale,
): (Markup | null)[] {
  const top = y.domain()[1] as number;
  const limits = sizes.map((n) => ({ n, ...within(funnelLimits(target, n, level, tau2)) }));
  const dashes = level === 0.95 ? "3 4" : "8 4";
  return [
    path(
      limits.map(({ n, low }) => [x(n), y(low)] as const),
      ORANGE,
      dashes,
    ),
    path(
      limits.filter(({ high }) => high <= top).map(({ n, high }) => [x(n), y(high)] as const),
      ORANGE,
      dashes,
    ),
  ];
}

/** A diamond or dot in the middle of all that may be true, with lines to its ends. */
function markOf({ own, n }: FunnelMark, share: Interval, x: Scale, y: Scale): Markup {
  const [across, up] = [x((n.low + n.high) / 2), y((share.low + share.high) / 2)];
  const lines = svg`<line x1="${coordinate(x(n.low))}" x2="${coordinate(x(n.high))}" y1="${coordinate(up)}" y2="${coordinate(up)}" stroke="${BLUE}" stroke-width="2"/><line x1="${coordinate(across)}" x2="${coordinate(across)}" y1="${coordinate(y(share.low))}" y2="${coordinate(y(share.high))}" stroke="${BLUE}" stroke-width="2"/>`;
  const middle = own
    ? diamond(across, up)
    : svg`<circle cx="${coordinate(across)}" cy="${coordinate(up)}" r="7" fill="${BLUE}" stroke="${PAPER}"/>`;
  return svg`${lines}${middle}`;
}

function describe({ target, marks }: FunnelInput): string {
  const places = marks.map(({ label, x, n }) => {
    const share = proportion(x, n);
    return `${label}: ${share ? percentRange(share) : "cannot tell"} of ${countRange(n)} people`;
  });
  return `Shares by number of people, around ${percent(target)}. Between the dotted lines lie 95 in 100 practices by chance; between the dashed lines 998 in 1,000. ${places.join("; ")}.`;
}
