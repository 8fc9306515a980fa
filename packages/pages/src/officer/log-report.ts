/** The officer's account of a log: for a month, what was asked, who decided, what left or came, who looked. */
import type { Query } from "@cairn/query-library";
import { count, html, longMonth, minute, type Markup } from "@cairn/text";
import { link, onlyWith, responsiveTable } from "../components.js";
import type { Link } from "../layout.js";
import { inPlainWords } from "../question/asked.js";
import { folded } from "../question/figures.js";
import type { PageFrame } from "../sign-in/sign-in.js";

type Section = "asked" | "decided" | "released" | "seen" | "records" | "accounts" | "trust";

interface Line {
  readonly position: number;
  readonly time: string; // ISO 8601, UTC
  readonly words: string;
  readonly by: string | null;
  readonly digest: string | null; // hex
  readonly run: string | null;
  /** The query under which it is told. */
  readonly question: string | null;
  readonly to: string | null; // the group that was given leave
  readonly counts: string | null; // "release" or "withdrawal", among others
  /** Whether it is a small step on a run's way. */
  readonly isStep: boolean;
}

/** A log's account, as the ledger makes it. */
interface Report {
  readonly month: string | null; // "2026-03"; null for all
  readonly months: readonly string[]; // the newest first
  readonly sections: Readonly<Record<Section, readonly Line[]>>;
  readonly counts: Readonly<Record<"release" | "withdrawal" | "look" | "decision" | "unlooked", number>>;
  readonly lookers: readonly string[];
}

export interface LogReportPage {
  /** The group or the practice whose account it is. */
  readonly of: string;
  readonly above: readonly Link[];
  /** The address of this page, without what stands behind "?". */
  readonly address: string;
  /** The address of the page that checks the log. */
  readonly check: string;
  /** Titles of the sections that are shown. */
  readonly titles: Readonly<Partial<Record<Section, string>>>;
  /** Whether releases came here, or left from here. */
  readonly released: "came" | "left";
  readonly report: Report;
  /** The queries that it is about; null where this side does not hold a version any more. */
  readonly queries: readonly { readonly name: string; readonly query: Query | null }[];
  readonly page: number; // from 1
  /** Who is named where nobody decided: "the hub". */
  readonly byItself: string;
}

/** Lines of a section on one page. */
const ROWS = 100;
/** Names in the line of a question; of more it says how many. */
const MOST_NAMED = 8;

/** What left first, then who decided it and who looked: what an officer is asked about. */
const SECTIONS: readonly Section[] = [
  ...(["released", "decided", "seen", "asked"] as const),
  ...(["records", "accounts", "trust"] as const),
];

/** The number of pages of an account: the longest section's. */
export function logReportPages({ report, titles }: Pick<LogReportPage, "report" | "titles">): number {
  const under = stepsUnder(report);
  const lengths = SECTIONS.filter((each) => titles[each] !== undefined).flatMap((each) => {
    const { own, loose } = partsOf(report.sections[each], under);
    return [own.length, loose.length];
  });
  return Math.max(1, Math.ceil(Math.max(...lengths, 0) / ROWS));
}

/** An account of a log, on one page that also prints. */
export function logReportPage(frame: PageFrame, model: LogReportPage): Markup {
  const { of, above, check, titles, report, queries } = model;
  const when = monthWords(report.month);
  const under = stepsUnder(report);
  return frame({
    title: `Account of ${of}, ${when}`,
    above,
    content: html`<h1>
        <span class="nhsuk-caption-l">${of}, ${when}</span> What was asked, decided, released and seen
      </h1>
      ${monthForm(model)} ${summary(model)}
      ${onlyWith(check, html`<p class="cairn-screen">${link(check, "Check that the log holds")}</p>`)}
      ${questions(queries)}
      ${SECTIONS.map((each) => {
        const title = titles[each];
        return title === undefined ? null : section(title, report.sections[each], under, model);
      })}
      ${pager(model)}
      <p>
        Times are UTC. Each line is an entry of the log, which nobody can change unseen. Of a digest (SHA-256)
        the first 16 characters are shown, and the whole of it below each question and in the exported log.
      </p>`,
  });
}

/** The small steps of each run that stands among what left or came, which are told below its first line there. */
function stepsUnder({ sections }: Report): Map<string, Line[]> {
  const runs = sections.released.flatMap(({ run, isStep }) => (run === null || isStep ? [] : [run]));
  const under = new Map(runs.map((run): [string, Line[]] => [run, []]));
  for (const line of Object.values(sections).flat())
    if (line.isStep && line.run !== null) under.get(line.run)?.push(line);
  return under;
}

/** A section's lines that stand for themselves, by question and others, and steps of runs of which nothing left or came in this time. */
function partsOf(lines: readonly Line[], under: ReadonlyMap<string, unknown>) {
  const all = lines.filter(({ isStep }) => !isStep);
  const groups = byQuestion(all);
  const grouped = new Set(groups.flat());
  const others = all.filter((line) => !grouped.has(line));
  return {
    ...{ groups, others, own: [...grouped, ...others] },
    loose: lines.filter(({ isStep, run }) => isStep && !under.has(run ?? "")),
  };
}

/** Lines of one question in one month, where there are several: in the order of their first. */
function byQuestion(lines: readonly Line[]): Line[][] {
  const together = new Map<string, Line[]>();
  for (const line of lines) {
    const { question, time } = line;
    if (question === null) continue;
    const key = `${time.slice(0, 7)} ${question}`;
    together.set(key, [...(together.get(key) ?? []), line]);
  }
  return [...together.values()].filter(({ length }) => length > 1);
}

function monthWords(month: string | null): string {
  return month === null ? "all months" : longMonth(month);
}

function monthForm({ report, address }: LogReportPage): Markup {
  const option = (value: string, words: string): Markup =>
    value === (report.month ?? "all")
      ? html`<option value="${value}" selected>${words}</option>`
      : html`<option value="${value}">${words}</option>`;
  const known = report.month === null || report.months.includes(report.month) ? [] : [report.month];
  return html`<form method="get" action="${address}" class="cairn-date cairn-find">
    <div class="nhsuk-form-group">
      <label class="nhsuk-label" for="month">Month</label>
      <select class="nhsuk-select" id="month" name="month">
        ${[...known, ...report.months].map((month) => option(month, longMonth(month)))}
        ${option("all", "All months")}
      </select>
    </div>
    <button class="nhsuk-button nhsuk-button--secondary" type="submit">Show</button>
  </form>`;
}

function summary({ report, released }: LogReportPage): Markup {
  const { counts, lookers, month } = report;
  const people = lookers.length === 0 ? "" : `, by ${listed(lookers)}`;
  return html`<p class="nhsuk-body-l cairn-lead">
    ${month === null ? "In all months" : `In ${longMonth(month)}`}: ${counted(counts.decision, "decision")};
    ${counted(counts.release, "release")} ${released}, ${count(counts.withdrawal)} withdrawn;
    ${counted(counts.look, "look")}${people}.${
      counts.unlooked === 0
        ? ""
        : ` In ${counted(counts.unlooked, "comparison")} that came this practice could not look for its own dots.`
    }
  </p>`;
}

function questions(queries: LogReportPage["queries"]): Markup | null {
  if (queries.length === 0) return null;
  return html`<h2>The questions in plain words</h2>
    ${queries.map(({ name, query }) =>
      query === null
        ? html`<p>${name}: this version is in no library that is kept here.</p>`
        : folded(`${query.title} (${name})`, inPlainWords(query)),
    )}`;
}

function section(
  title: string,
  lines: readonly Line[],
  under: ReadonlyMap<string, readonly Line[]>,
  { page, byItself, released }: LogReportPage,
): Markup {
  const { groups, others, own, loose } = partsOf(lines, under);
  const [shown, steps] = [own, loose].map((all) => all.slice((page - 1) * ROWS, page * ROWS)) as [
    Line[],
    Line[],
  ];
  const firsts = new Map(own.toReversed().map((line) => [line.run, line]));
  const here = new Set(shown);
  const rest = others.filter((line) => here.has(line));
  const table = (of: readonly Line[], caption: string, ids: "short" | "whole" = "short"): Markup =>
    responsiveTable({
      caption,
      headings: ["When", "What", "Who", "Entry"],
      rows: of.map((line) => [
        minute(line.time),
        firsts.get(line.run) === line ? withSteps(line, under.get(line.run ?? "") ?? []) : line.words,
        line.by ?? byItself,
        entryOf(line, ids),
      ]),
    });
  const group = (all: readonly Line[]): Markup | null => {
    const part = all.filter((line) => here.has(line));
    if (part.length === 0) return null;
    return folded(groupWords(all, released), table(part, counted(part.length, "line"), "whole"));
  };
  const none = lines.length === 0 ? "Nothing in this time." : "All lines of it are on earlier pages.";
  return html`<h2>${title}</h2>
    ${shown.length === 0 && steps.length === 0 && html`<p>${none}</p>`}
    ${groups.length > 0 && own.length > ROWS && shown.length > 0 && html`<p>${rowsWords(own.length, page)}.</p>`}
    ${groups.map(group)}
    ${rest.length > 0 && table(rest, groups.length > 0 ? `Others: ${counted(rest.length, "line")}` : rowsWords(own.length, page))}
    ${
      steps.length > 0 &&
      folded(
        `Small steps of runs of which nothing is told above: ${counted(loose.length, "line")}`,
        table(steps, rowsWords(loose.length, page)),
      )
    }`;
}

/** "bp-control, March 2026: 16 releases left, 1 withdrawn, to Glen, decided by Dr Fell, 33 lines" */
function groupWords(lines: readonly Line[], released: LogReportPage["released"]): string {
  const [first] = lines as [Line];
  const of = (what: string): Line[] => lines.filter(({ counts }) => counts === what);
  const [sent, withdrawn] = [of("release"), of("withdrawal")];
  const names = (all: readonly (string | null)[]): string => {
    const each = [...new Set(all.filter((name) => name !== null))];
    return each.length > MOST_NAMED ? `${count(each.length)} of them` : listed(each);
  };
  const [to, by] = [names(lines.map((line) => line.to)), names(sent.map((line) => line.by))];
  const what = [
    ...(sent.length > 0 ? [`${counted(sent.length, "release")} ${released}`] : []),
    ...(withdrawn.length > 0 ? [`${count(withdrawn.length)} withdrawn`] : []),
    ...(to === "" ? [] : [`to ${to}`]),
    ...(by === "" ? [] : [released === "came" ? `from ${by}` : `decided by ${by}`]),
    counted(lines.length, "line"),
  ];
  return `${first.question ?? ""}, ${longMonth(first.time.slice(0, 7))}: ${what.join(", ")}`;
}

/** A line with the small steps of its run folded below it. */
function withSteps({ words }: Line, steps: readonly Line[]): string | Markup {
  if (steps.length === 0) return words;
  const told = steps.map((step) => html`<li>${minute(step.time)}: ${step.words} (${entryOf(step)})</li>`);
  return html`${words}
  ${folded(
    counted(steps.length, "step"),
    html`<ul class="nhsuk-list nhsuk-list--bullet">
      ${told}
    </ul>`,
  )}`;
}

function entryOf({ position, digest, run }: Line, ids: "short" | "whole" = "short"): string | Markup {
  const whole = ids === "whole" && run !== null && html` Run <code class="cairn-key">${run}</code>`;
  if (digest === null || digest === "") return html`${String(position)}${whole}`;
  const shown = ids === "whole" ? digest : digest.slice(0, 16);
  return html`${String(position)} <code class="cairn-key">${shown}</code>${whole}`;
}

function rowsWords(n: number, page: number): string {
  if (n <= ROWS) return counted(n, "line");
  return `Lines ${count((page - 1) * ROWS + 1)} to ${count(Math.min(n, page * ROWS))} of ${count(n)}`;
}

function pager(model: LogReportPage): Markup | null {
  const pages = logReportPages(model);
  if (pages === 1) return null;
  const { address, page, report } = model;
  const at = (to: number, words: string): Markup =>
    link(`${address}?month=${report.month ?? "all"}&page=${String(to)}`, words);
  return html`<nav aria-label="Pages of this account" class="cairn-actions">
    <p>
      Page ${String(page)} of ${String(pages)}. ${page > 1 && at(page - 1, "Earlier lines")}
      ${page < pages && at(page + 1, "Later lines")}
    </p>
  </nav>`;
}

function counted(n: number, what: string): string {
  return `${count(n)} ${what}${n === 1 ? "" : "s"}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
