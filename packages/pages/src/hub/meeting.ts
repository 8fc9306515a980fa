/** A meeting's pages: one question a screen in large type, and the pack that is printed for it. */
import { html, longDate, type Markup } from "@cairn/text";
import { bullets, link } from "../components.js";
import { plansFirst, questionParts, saysPart, spreadPart, timePart } from "../question/parts.js";
import { shownOf, type QuestionView } from "../question/view.js";
import { groupPath, hubPage, meetingPath, packPath } from "./frame.js";

interface Neighbour {
  readonly query: string;
  readonly title: string;
}

/** One question of a meeting. */
export interface MeetingPage {
  readonly view: QuestionView;
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly before: Neighbour | null;
  readonly next: Neighbour | null;
  /** Whether the reader may write down what is agreed. */
  readonly writes: boolean;
}

/** One question on one screen: what the group set out to do, the sentence, the spread, the line, and what to talk about. */
export function meetingPage({ view, number, of, before, next, writes }: MeetingPage): Markup {
  const { query } = view;
  const { group, date } = shownOf(view);
  const setting = { level: 2, tables: "folded" } as const;
  return hubPage({
    title: `${query.title}, ${number} of ${of}`,
    kind: "meeting",
    above: [{ text: group, href: groupPath(group) }],
    content: html`<nav class="cairn-pager" aria-label="Questions of this meeting">
        ${before && link(meetingPath(group, before.query), `Back: ${before.title}`, { rel: "prev" })}
        ${next && link(meetingPath(group, next.query), `Next: ${next.title}`, { rel: "next" })}
        ${!next && link(groupPath(group), "The end: back to the overview")}
      </nav>
      <h1>
        <span class="nhsuk-caption-l">${group}, ${longDate(date)}, question ${number} of ${of}</span>
        ${query.title}
      </h1>
      <p class="nhsuk-body-l">${query.question}</p>
      <div class="cairn-side-by-side">
        <div>${saysPart(view)}</div>
        ${plansFirst(view, setting)}
      </div>
      <div class="cairn-side-by-side">
        <section aria-labelledby="spread">
          <h2 id="spread" class="nhsuk-heading-s">How practices spread</h2>
          ${spreadPart(view, setting, false)}
        </section>
        <section aria-labelledby="time">
          <h2 id="time" class="nhsuk-heading-s">Over time</h2>
          ${timePart(view, setting, "folded")}
        </section>
      </div>
      <p class="nhsuk-body-l">
        We will try … by … measured by …
        ${writes && link(`${groupPath(group, query.query)}#${query.query}-talk`, "Write it down")}
      </p>`,
  });
}

/** A meeting's questions on paper: each from a page of its own, with every table open. */
export function packPage(
  group: string,
  views: readonly QuestionView[],
  others: readonly Neighbour[],
  purpose: readonly string[] = [],
): Markup {
  return hubPage({
    title: `${group}, pack to print`,
    kind: "pack",
    above: [
      { text: "Groups", href: "/" },
      { text: group, href: groupPath(group) },
    ],
    content: html`<h1>${group}: ${views.length === 1 ? "one question" : `${views.length} questions`}</h1>
      ${purpose.length > 0 && bullets(purpose)}
      <p class="cairn-screen">Print this page: each question begins on a new sheet, with its tables open.</p>
      ${
        views.length > 0 &&
        html`<p>In this pack:</p>
          ${bullets(views.map(({ query }) => html`<a href="#${query.query}">${query.title}</a>`))}`
      }
      ${
        others.length > 0 &&
        html`<p class="cairn-screen">
          Not in it: ${others.map(({ title }) => title).join("; ")}.
          ${link(`${packPath(group)}?all=yes`, "Print all")}.
        </p>`
      }
      ${views.map((view) => packed(view))}`,
  });
}

function packed(view: QuestionView): Markup {
  const { query } = view;
  return html`<article class="cairn-sheet">
    <h2 id="${query.query}" class="nhsuk-heading-l">
      <span class="nhsuk-caption-m">${longDate(shownOf(view).date)}</span>
      ${query.title}
    </h2>
    ${questionParts(view, { level: 3, tables: "open" })}
  </article>`;
}
