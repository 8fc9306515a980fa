/** The page of a question in its eight parts, in the order that a meeting needs. */
import {
  changeSentence,
  changeSince,
  everyoneIn,
  limitsSentence,
  NO_REFERENCE,
  noteWords,
  openPlans,
  seriesOf,
  spreadOf,
  standsSentence,
  sumIn,
  type ComparisonModel,
  type GroupNote,
  type Series,
  type Sum,
} from "@cairn/comparisons";
import type { FunnelInput, RunChartInput } from "@cairn/charts";
import { html, longDate, type Markup } from "@cairn/text";
import { bullets, linkElsewhere } from "../components.js";
import { askedPart } from "./asked.js";
import {
  folded,
  funnelFigure,
  noLine,
  runFigure,
  areInBands,
  spreadFigure,
  spreadTitle,
  type Tables,
} from "./figures.js";
import { namesPart } from "./names.js";
import { bandsPart, standardisedPart } from "./more.js";
import { splitsPart } from "./splits.js";
import { trustLines } from "./trust.js";
import { ownLine, shareOf } from "./own.js";
import { shownOf, type QuestionView } from "./view.js";

/** How parts are set: on a page of their own, or one question among several. */
interface QuestionLayout {
  /** Of the parts' headings. */
  readonly level: 2 | 3;
  readonly tables: Tables;
}

export const PAGE: QuestionLayout = { level: 2, tables: "folded" };

/** Sentences on where the group stands and what changed. */
function sentencesOf(view: QuestionView): string[] {
  const shown = shownOf(view);
  const stands = standsSentence(view.query, shown);
  if (shown.closed_at === null || everyoneIn(shown) === null) return [stands];
  return [
    stands,
    ...(shown.reference === null ? [NO_REFERENCE] : []),
    changeSentence(view.query, shown, changeSince(view.query, view.dates)) ?? [],
  ].flat();
}

/** The plans that the group has yet to look at, which come first; nothing where there are none. */
export function plansFirst(view: QuestionView, { level }: QuestionLayout): Markup | null {
  const open = openPlans(view.notes);
  if (open.length === 0) return null;
  return part(view, level, "plans", "What you set out to do", html`${bullets(open.map(noteWords))}`);
}

/** Parts 1 to 8. @param talk what stands at the end of the last: forms, where somebody may write */
export function questionParts(
  view: QuestionView,
  setting: QuestionLayout,
  talk: Markup | null = null,
): Markup {
  const { query, own } = view;
  const { level } = setting;
  const shown = shownOf(view);
  const more = morePart(view, setting);
  return html`${plansFirst(view, setting)}
  ${part(view, level, "question", "The question", askedPart(query, shown.date))}
  ${part(view, level, "trust", "How far these numbers can be trusted", html`${bullets(trustLines(shown, query))}`)}
  ${part(view, level, "says", "What this says", saysPart(view))}
  ${part(view, level, "spread", "How practices spread", spreadPart(view, setting))}
  ${part(view, level, "time", "Over time", timePart(view, setting))}
  ${part(view, level, "more", "By group of patients, and more", setting.tables === "open" ? more : folded("Show by age, sex and what else is asked", more))}
  ${own?.list && part(view, level, "list", "Your own list", own.list)}
  ${part(view, level, "talk", "To talk about", html`${bullets(promptsOf(view))}${othersTried(view)}${talk}`)}`;
}

/** A part with its heading; on a page of several questions names begin with the question's. */
function part(view: QuestionView, level: number, name: string, heading: string, content: Markup): Markup {
  const id = idOf(view, name);
  // Among several questions a screen reader tells parts apart by the question's name before theirs.
  const names = level === 2 ? id : `${view.query.query} ${id}`;
  return html`<section aria-labelledby="${names}">
    <h${level} id="${id}" class="nhsuk-heading-m">${heading}</h${level}>
    ${content}
  </section>`;
}

function idOf({ query }: QuestionView, name: string): string {
  return `${query.query}-${name}`;
}

/** The sentences, set off from the rest. */
export function saysPart(view: QuestionView): Markup {
  return html`<div class="nhsuk-inset-text">
    ${sentencesOf(view).map((sentence) => html`<p>${sentence}</p>`)}
  </div>`;
}

/** How practices spread: dots, or words in their place. */
export function spreadPart(
  view: QuestionView,
  { tables }: Pick<QuestionLayout, "tables">,
  says = true,
): Markup {
  const shown = shownOf(view);
  const spread = spreadOf(shown, view.sees);
  if (spread.as === "words") return html`${spread.lines.map((line) => html`<p>${line}</p>`)}`;
  const figure = spreadFigure(
    {
      id: idOf(view, "strip"),
      title: spreadTitle(`${view.query.title}, ${longDate(shown.date)}`, spread.dots),
      dots: spread.dots,
      median: spread.median,
      reference: spread.reference,
      own: shareOf(view.own?.sum ?? null),
    },
    [...(says ? [drawnWords(spread.dots, view)] : []), ...spread.notes],
    tables,
  );
  return view.names ? html`${figure} ${namesPart(view.names)}` : figure;
}

/** How the picture is drawn, and whether it can be told which practice is which. */
function drawnWords(dots: Parameters<typeof areInBands>[0], { names }: QuestionView): string {
  const [drawn, not] = areInBands(dots)
    ? [BANDS, "Which practice is in which band"]
    : [DOTS, "Which is which"];
  return names?.names.as === "names"
    ? `${drawn} ${not} is shown only of those that stand by name below.`
    : `${drawn} ${not} is not shown.`;
}

const DOTS =
  "Each dot is one practice, at a whole per cent that its rounded numbers allow: which of those is drawn by lot, once, so that nobody can tell a practice by its size. The dots are alike.";

const BANDS =
  "Each bar is how many practices there are in its band. Each is counted at a whole per cent that its rounded numbers allow: which of those is drawn by lot, once, so that nobody can tell a practice by its size.";

/** The group's line with what it wrote down; at a practice, its own line too. @param notes folded where plans stand beside it */
export function timePart(
  view: QuestionView,
  { tables }: Pick<QuestionLayout, "tables">,
  notes: Tables = "open",
): Markup {
  const series = seriesOf(view.query, view.dates);
  const { points } = series;
  if (points.length < 2) return html`<p>This is the first date. The line comes with the second.</p>`;
  const isEmpty = view.notes.length === 0 && points.every(({ share }) => typeof share === "string");
  const drawn = isEmpty
    ? noLine(points)
    : runFigure(
        { ...runInput(view, series), ...written(view.notes) },
        [
          ...(points.some(({ joined }) => !joined) && points.some(({ share }) => typeof share !== "string")
            ? ["Points are joined only where the same practices contribute."]
            : []),
          limitsSentence(series.limits) ?? [],
        ].flat(),
        tables,
        notes,
      );
  const { query } = view;
  const id = idOf(view, "own-line");
  const title = `${query.title}: this practice, over time`;
  const own =
    view.own && ownLine({ id, title, query, figures: view.own.series, notes: view.own.notes }, tables);
  return own
    ? html`<p><strong>The group</strong></p>
        ${drawn}
        <p><strong>This practice</strong></p>
        ${own}`
    : drawn;
}

function runInput(
  view: QuestionView,
  { measure, points, limits }: Series,
): Omit<RunChartInput, "notes" | "aims"> {
  const what = measure === "together" ? "the group together" : "the middle of the group's practices";
  return {
    id: idOf(view, "line"),
    title: `${view.query.title}: ${what}, over time`,
    points,
    limits: typeof limits === "string" ? null : limits,
  };
}

/** Notes and aims as a chart takes them. */
function written(notes: readonly GroupNote[]): Pick<RunChartInput, "notes" | "aims"> {
  return {
    notes: notes.map((note) => ({ date: note.date, text: `${longDate(note.date)}. ${noteWords(note)}` })),
    aims: notes.flatMap(({ kind, date, until, share, text, outcome }) =>
      kind === "aim" && share !== null && outcome === null ? [{ date, until, share, text }] : [],
    ),
  };
}

/** Splits, standardised, bands over time, and the funnel where there is something to compare with. */
function morePart(view: QuestionView, { tables }: QuestionLayout): Markup {
  const shown = shownOf(view);
  const marks = [
    ...markOf("The group together", false, sumIn(everyoneIn(shown))),
    ...markOf("This practice", true, view.own?.sum ?? null),
  ];
  const expected = view.own?.expected;
  return html`${splitsPart(shown, view.query, view.sees)} ${expected && html`<p>${expected}</p>`}
  ${standardisedPart(view)} ${bandsPart(view, tables)} ${funnelOf(view, shown, marks, tables)}`;
}

type Mark = FunnelInput["marks"][number];

function markOf(label: string, own: boolean, sum: Sum | null): Mark[] {
  if (!sum || sum.denominator.low <= 0) return [];
  return [{ label, own, x: sum.numerator, n: sum.denominator }];
}

function funnelOf(
  view: QuestionView,
  { reference }: ComparisonModel,
  marks: Mark[],
  tables: Tables,
): Markup | null {
  if (reference === null || marks.length === 0) return null;
  return funnelFigure(
    {
      id: idOf(view, "funnel"),
      title: `${view.query.title}: what chance explains around the middle of ${reference.source}`,
      target: reference.p50,
      tau2: reference.tau2,
      marks,
    },
    tables,
  );
}

function promptsOf({ query, sees }: QuestionView): string[] {
  return [
    "Is the spread between practices wider than you would expect? What could explain it besides care: coding, records, who is registered?",
    ...(sees === "dots" ? ["Who does something here that others could try?"] : []),
    ...(query.worklistFirst ? ["Has each practice looked at its own list since the last meeting?"] : []),
    "We will try … by … measured by …",
  ];
}

/** What others did about the question, each with its source; nothing where the query says nothing of it. */
function othersTried({ query }: QuestionView): Markup | null {
  const { othersTried } = query;
  if (othersTried.length === 0) return null;
  return html`<p><strong>Others have tried</strong></p>
    ${bullets(othersTried.map(({ what, source, url }) => html`${what} (${url === null ? source : linkElsewhere(url, source)}).`))}`;
}
