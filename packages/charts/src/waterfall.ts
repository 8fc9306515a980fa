/** The waterfall of a query's steps: how many people each step leaves, from all to the numerator. */
import type { Interval } from "@cairn/statistics/intervals";
import { countRange, svg, wrap, type Markup } from "@cairn/text";
import { scaleLinear } from "d3-scale";
import { BLUE, coordinate, frame, GREY, INK, MARGIN, WIDTH } from "./frame.js";
import type { Chart, ChartHeading, Scale } from "./frame.js";

interface WaterfallStep {
  /** The step in words: "registered on the day", "with diabetes on the register". */
  readonly label: string;
  /** How many people are left after it; null where that is withheld. */
  readonly people: Interval | null;
}

export interface WaterfallInput extends ChartHeading {
  /** From all to the fewest, one or more; no step leaves more than the one before. */
  readonly steps: readonly WaterfallStep[];
}

const BAR = 22;
const LINE = 27;
const GAP = 14;
/** Characters of a label's line, in the large letters of a phone. */
const CHARACTERS = 30;

/** Draws the waterfall. @throws RangeError for no steps, or a step that leaves more than the one before */
export function waterfall(input: WaterfallInput): Chart {
  const known = input.steps.flatMap(({ people }) => (people ? [people] : []));
  if (input.steps.length === 0 || known.some(({ low }, i) => i > 0 && low > (known[i - 1] as Interval).high))
    throw new RangeError("a waterfall needs steps of which none leaves more than the one before");
  const x = scaleLinear()
    .domain([0, Math.max(1, ...known.map(({ high }) => high))])
    .range([MARGIN / 2, WIDTH - MARGIN / 2]);
  let y = 0;
  const parts = input.steps.map((step) => {
    const lines = wrap(`${step.label}: ${words(step.people)}`, { width: CHARACTERS });
    const top = y;
    y += lines.length * LINE + BAR + GAP;
    return stepOf(step, lines, top, x);
  });
  return {
    svg: frame(input, "waterfall", y, describe(input), parts),
    table: {
      headings: ["Step", "People left", "Left out by it"],
      rows: input.steps.map((step, i) => [step.label, words(step.people), leftOut(input.steps[i - 1], step)]),
    },
  };
}

function words(people: Interval | null): string {
  return people ? countRange(people) : "withheld";
}

function leftOut(before: WaterfallStep | undefined, { people }: WaterfallStep): string {
  if (!before) return "";
  if (!before.people || !people) return "cannot tell";
  return countRange({
    low: Math.max(0, before.people.low - people.high),
    high: before.people.high - people.low,
  });
}

/** The words, and below them a bar to the fewest people left, lighter up to the most. */
function stepOf({ people }: WaterfallStep, lines: readonly string[], top: number, x: Scale): Markup {
  const start = x(0);
  const at = top + lines.length * LINE;
  const said = lines.map(
    (line, i) =>
      svg`<text x="${coordinate(start)}" y="${coordinate(top + (i + 1) * LINE - 8)}" font-size="17" fill="${INK}">${line}</text>`,
  );
  const bar = (to: number, opacity: number): Markup =>
    svg`<rect x="${coordinate(start)}" y="${coordinate(at)}" width="${coordinate(Math.max(1, x(to) - start))}" height="${BAR}" fill="${BLUE}" fill-opacity="${opacity}"/>`;
  if (people)
    return svg`${said}${people.high > people.low ? bar(people.high, 0.4) : null}${bar(people.low, 1)}`;
  return svg`${said}<rect x="${coordinate(start)}" y="${coordinate(at)}" width="${coordinate((x.range()[1] as number) - start)}" height="${BAR}" fill="none" stroke="${GREY}" stroke-dasharray="4 4"/>`;
}

function describe({ steps }: WaterfallInput): string {
  return `People left after each step. ${steps.map(({ label, people }) => `${label}: ${words(people)}`).join("; ")}.`;
}
