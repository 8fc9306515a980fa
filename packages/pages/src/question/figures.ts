/** Charts of a question as a page shows them: each with what it means beside it and the same numbers as a table. */
import {
  decileBands,
  distribution,
  funnel,
  runChart,
  strip,
  type Chart,
  type DecilesInput,
  type FunnelInput,
  type RunChartInput,
  type StripInput,
} from "@cairn/charts";
import type { PublishedReference } from "@cairn/comparisons";
import { html, longDate, percent, percentRange, type Markup } from "@cairn/text";
import { bullets, responsiveTable, smallTable } from "../components.js";

/** Whether the tables of charts are folded; on paper that was asked for they stand open. */
export type Tables = "folded" | "open";

interface Figure extends Chart {
  readonly caption: string;
  /** Sentences below the picture. */
  readonly says: readonly string[];
  readonly legend: readonly Markup[];
}

/** A chart with its legend and its table, which stay together on paper. */
function figure({ svg, table, caption, says, legend }: Figure, tables: Tables): Markup {
  return html`<div class="cairn-together">
    <figure class="cairn-figure">
      ${svg} ${legend.length > 0 && html`<figcaption class="cairn-legends">${legend}</figcaption>`}
    </figure>
    ${says.map((sentence) => html`<p class="cairn-small">${sentence}</p>`)}
    ${tables === "open" ? tableOf(caption, table) : folded("The same numbers as a table", tableOf(caption, table))}
  </div>`;
}

/** Folds content: it opens at a click, and stands open on paper. */
export function folded(summary: string, content: Markup): Markup {
  return html`<details class="nhsuk-details">
    <summary class="nhsuk-details__summary">
      <span class="nhsuk-details__summary-text">${summary}</span>
    </summary>
    <div class="nhsuk-details__text">${content}</div>
  </details>`;
}

/** The numbers of a chart; a column in which nothing stands is left out. */
function tableOf(caption: string, { headings, rows }: Chart["table"]): Markup {
  const filled = headings.map((_, column) => rows.some((row) => row[column] !== ""));
  const table = filled.filter(Boolean).length > 2 ? responsiveTable : smallTable; // two fit a phone
  const kept = <T>(cells: readonly T[]): T[] => cells.filter((_, column) => filled[column]);
  return html`<div class="cairn-numbers">
    ${table({ caption, headings: kept(headings), rows: rows.map((row) => kept(row)) })}
  </div>`;
}

/** Sign and meaning of a mark. */
function key(kind: string, words: string): Markup {
  return html`<span class="cairn-legend cairn-legend--${kind}">${words}</span> `;
}

/** More practices than this are shown in bands: so many dots would be a wall. */
const MOST_DOTS = 39;

type Dots = Pick<StripInput, "id" | "title" | "dots" | "median"> & {
  readonly reference: PublishedReference | null;
  readonly own: StripInput["own"];
};

/** Whether so many practices are shown in bands, and not each as a dot. */
export function areInBands(dots: readonly number[]): boolean {
  return dots.length > MOST_DOTS;
}

/** The picture's title. @param what the question and its date */
export function spreadTitle(what: string, dots: readonly number[]): string {
  return areInBands(dots)
    ? `${what}: how many practices there are in each band`
    : `${what}: one dot for each practice`;
}

/** How practices spread, without its words: for an overview. */
export function spreadPicture(dots: Dots): Markup {
  return drawn(dots).svg;
}

/** How practices spread. @param says sentences below it */
export function spreadFigure(dots: Dots, says: readonly string[], tables: Tables): Markup {
  const { median, reference, own } = dots;
  const chart = drawn(dots);
  return figure(
    {
      ...chart,
      caption: areInBands(dots.dots) ? "Practices in each band" : "Practices at each per cent",
      says,
      legend: [
        ...(median ? [key("median", `middle of the group: ${percentRange(median)}`)] : []),
        ...(reference
          ? [
              key(
                "middle",
                `eight of ten practices${where(reference)}: ${percentRange({ low: reference.p10, high: reference.p90 })}`,
              ),
              key("elsewhere", `their middle: ${percent(reference.p50)}`),
            ]
          : []),
        ...(own ? [key("own", `this practice: ${percentRange(own)}`)] : []),
      ],
    },
    tables,
  );
}

function where({ of }: PublishedReference): string {
  return of === "elsewhere" ? " elsewhere" : "";
}

function drawn({ dots, reference: published, own, ...rest }: Dots): Chart {
  const reference = published && {
    median: published.p50,
    middle: { low: published.p10, high: published.p90 },
  };
  if (areInBands(dots)) return distribution({ ...rest, places: dots, reference, own: own ?? null });
  const { svg, table } = strip({
    ...rest,
    dots,
    medianLabel: "",
    ...(own ? { own } : {}),
    reference,
  });
  return {
    svg,
    table: {
      headings: ["Per cent", "Practices"],
      rows: table.map((row) => [percent(row.percent / 100), String(row.practices)]),
    },
  };
}

/** The line over time with its notes and aims. @param says sentences below it */
export function runFigure(
  input: RunChartInput,
  says: readonly string[],
  tables: Tables,
  notes: Tables = "open",
): Markup {
  const chart = runChart(input);
  const { aims, limits } = input;
  const drawnFigure = figure(
    {
      ...chart,
      caption: input.title,
      says: [...(chart.hasBars ? ["A bar is a range: the figure lies somewhere in it."] : []), ...says],
      legend: [
        ...(aims.length > 0 ? [key("aim", "aim")] : []),
        ...(limits ? [key("limits", "mean, and limits by chance")] : []),
      ],
    },
    tables,
  );
  if (chart.notes.length === 0) return drawnFigure;
  const meant = notesList(chart.notes);
  return html`${drawnFigure}${
    notes === "open"
      ? html`<p class="cairn-small">${NUMBERS}:</p>
          ${meant}`
      : folded(NUMBERS, meant)
  }`;
}

/** At no date there is a figure, and nothing was written down: why, in place of an empty picture. */
export function noLine(points: RunChartInput["points"]): Markup {
  return html`<p>There is no line to draw yet.</p>
    ${bullets(points.flatMap(({ date, share }) => (typeof share === "string" ? `${longDate(date)}: ${share}.` : [])))}`;
}

const NUMBERS = "The numbers in the picture";

function notesList(
  notes: readonly { readonly number: number; readonly date: string; readonly text: string }[],
): Markup {
  return html`<div class="cairn-small">
    ${bullets(notes.map(({ number, text }) => `${number}: ${text}`))}
  </div>`;
}

function marksWords({ marks }: FunnelInput): string {
  return marks
    .map(({ label, own }) => `${own ? "the diamond is" : "the dot is"} ${lowered(label)}`)
    .join(", ");
}

function lowered(label: string): string {
  return label.replace(/^./, (letter) => letter.toLowerCase());
}

/** The funnel of the group or of the reader's own practice. */
export function funnelFigure(input: FunnelInput, tables: Tables): Markup {
  return figure(
    {
      ...funnel(input),
      caption: input.title,
      says: [
        `${input.title}. Marks stand further to the right the more people they are of: ${marksWords(input)}.`,
        "Between the dotted lines lie 95 in 100 practices by chance; between the dashed lines 998 in 1,000.",
      ],
      legend: [],
    },
    tables,
  );
}

/** How practices spread at each date. @param says sentences below it */
export function decilesFigure(input: DecilesInput, says: readonly string[], tables: Tables): Markup {
  return figure({ ...decileBands(input), caption: input.title, says, legend: [] }, tables);
}
