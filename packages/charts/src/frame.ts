/** The frame that all charts share: a picture with title and description, and the same numbers as a table. */
import type { Interval } from "@cairn/statistics/intervals";
import { percent, percentRange, svg, type Markup } from "@cairn/text";
import { scaleLinear } from "d3-scale";

export interface Chart {
  readonly svg: Markup;
  /** The numbers of the picture, for a reader who sees none: as many cells in a row as there are headings. */
  readonly table: {
    readonly headings: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
}

export interface ChartHeading {
  /** Unique on the page; prefixes the ids of title and description. */
  readonly id: string;
  readonly title: string;
}

/**
 * The colours: custom properties that a page may set, for a dark screen say, with what is drawn where it sets none. An
 * attribute of a drawing takes them, so no style stands in the page.
 */
export const BLUE = "var(--cairn-blue, #005eb8)"; // own and the group's numbers
export const ORANGE = "var(--cairn-orange, #ed8b00)"; // what is compared with
export const BROWN = "var(--cairn-brown, #8a4b00)"; // its lines
export const GREY = "var(--cairn-grey, #4c6272)"; // axes
export const INK = "var(--cairn-ink, #212b32)"; // words
export const PAPER = "var(--cairn-paper, #ffffff)"; // around marks

/** Width of every chart in its own units; a page scales it. */
export const WIDTH = 520;
/** Room on each side for half of "100 %" in the large letters of a phone, in a font as wide as DejaVu Sans. */
export const MARGIN = 48;
/** Room below a horizontal axis for its ticks. */
export const TICKS = 48;

export type Scale = ReturnType<typeof scaleLinear<number>>;

/** The picture, titled and described for a screen reader. @param kind its class is `cairn-<kind>` */
export function frame(
  { id, title }: ChartHeading,
  kind: string,
  height: number,
  description: string,
  parts: readonly (Markup | null)[],
): Markup {
  return svg`<svg xmlns="http://www.w3.org/2000/svg" role="img" class="cairn-chart cairn-${kind}" viewBox="0 0 ${WIDTH} ${coordinate(height)}" aria-labelledby="${id}-title" aria-describedby="${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>${parts}</svg>`;
}

/** A scale of shares from 0 to a round number that holds all of them: to 100 % where one is above a half. */
export function shareScale(shares: readonly number[], range: readonly [number, number]): Scale {
  const most = Math.max(0.1, ...shares);
  return scaleLinear()
    .domain([0, most > 0.5 ? 1 : most])
    .nice(5)
    .range([...range]);
}

/** A horizontal axis of shares at height `y`. */
export function shareAxis(x: Scale, y: number): Markup {
  return bottomAxis(
    x,
    y,
    x.ticks(5).map((tick) => ({ at: tick, label: percent(tick) })),
  );
}

/** A horizontal axis at height `y` with these ticks. */
export function bottomAxis(
  x: Scale,
  y: number,
  ticks: readonly { readonly at: number; readonly label: string }[],
): Markup {
  const [from, to] = x.range() as [number, number];
  const marks = ticks.map(({ at, label }) => {
    const place = coordinate(x(at));
    return svg`<line x1="${place}" x2="${place}" y1="${y}" y2="${y + 6}" stroke="${GREY}"/><text x="${place}" y="${y + 14}" dominant-baseline="hanging" text-anchor="middle" font-size="17" fill="${INK}">${label}</text>`;
  });
  return svg`<line x1="${coordinate(from)}" x2="${coordinate(to)}" y1="${y}" y2="${y}" stroke="${GREY}"/>${marks}`;
}

/** How a published population spreads, in 0..1. */
export interface PublishedSpread {
  readonly median: number;
  /** From its lowest to its highest tenth. */
  readonly middle: Interval;
}

/** The middle 80 % of a published population, shaded, and its median as a line. */
export function referenceMark(
  { median, middle }: PublishedSpread,
  x: Scale,
  top: number,
  axis: number,
): Markup {
  const [from, to] = [x(middle.low), x(middle.high)];
  const at = coordinate(x(median));
  return svg`<rect x="${coordinate(from)}" y="${top}" width="${coordinate(to - from)}" height="${axis - top}" fill="${GREY}" fill-opacity="0.15"/><line x1="${at}" x2="${at}" y1="${top}" y2="${axis}" stroke="${GREY}" stroke-width="2" stroke-dasharray="4 3"/>`;
}

/** The same in words. */
export function referenceWords({ median, middle }: PublishedSpread): string {
  return `They are compared with practices whose middle is at ${percent(median)}; eight of ten of those lie at ${percentRange(middle)}.`;
}

/** A vertical axis of shares at `x`, with faint lines across to `right`. */
export function leftAxis(y: Scale, x: number, right: number): Markup {
  const marks = y.ticks(4).map((tick) => {
    const at = coordinate(y(tick));
    return svg`<line x1="${x}" x2="${right}" y1="${at}" y2="${at}" stroke="${GREY}" stroke-opacity="0.25"/><text x="${x - 6}" y="${at}" dominant-baseline="middle" text-anchor="end" font-size="17" fill="${INK}">${percent(tick)}</text>`;
  });
  return svg`${marks}`;
}

/** A line through points; nothing for fewer than two. */
export function path(
  points: readonly (readonly [number, number])[],
  stroke: string,
  dashes = "",
): Markup | null {
  if (points.length < 2) return null;
  const d = points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${coordinate(x)},${coordinate(y)}`).join("");
  return svg`<path d="${d}" fill="none" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dashes || "none"}"/>`;
}

/** A diamond: a practice's own mark. */
export function diamond(x: number, y: number): Markup {
  const points = [
    [x, y - 9],
    [x + 9, y],
    [x, y + 9],
    [x - 9, y],
  ];
  return svg`<polygon points="${points.map(([a, b]) => `${coordinate(a as number)},${coordinate(b as number)}`).join(" ")}" fill="${BLUE}" stroke="${PAPER}" stroke-width="1.5"/>`;
}

/** A coordinate to a tenth of a unit. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}
