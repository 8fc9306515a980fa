import { html, type Markup } from "@cairn/text";
import { link } from "../components.js";
import { monthHint } from "../officer/asked.js";
import { layout, type Frame, type Page } from "../layout.js";

const PRACTICE: Frame = {
  stylesheets: ["/page.css"],
  icon: null,
  purpose: "This practice's own pages",
  account: "/account",
  footer:
    "For improvement. These pages are this practice's own: they and what they show stay in this practice.",
};

/** A page of a practice's own. */
export function practicePage(page: Page): Markup {
  return layout(PRACTICE, page);
}

/** The practice has no page at this address. @param address as it was asked for */
export function nothingHere(address = ""): Markup {
  return practicePage({
    title: "Nothing here",
    above: [],
    content: html`<h1>Nothing here</h1>
      <p>There is no such page. ${monthHint(address)} ${link("/", "All questions")}</p>`,
  });
}

/** The person who asks may not see this page, or do this. @param why in words for them */
export function notForYou(why: string): Markup {
  return practicePage({
    title: "Not for you",
    above: [],
    content: html`<h1>This is not for you</h1>
      <p>${why}</p>
      <p>${link("/", "All questions")}</p>`,
  });
}

/** The page cannot be made now. @param words what is wrong and what to do, without a full stop */
export function notNow(title: string, words: string): Markup {
  return practicePage({
    title: "Not now",
    above: [{ text: "All questions", href: "/" }],
    content: html`<h1>${title}</h1>
      <p>${words}.</p>`,
  });
}

/** The address of a question's page. */
export function questionPath(query: string): string {
  return `/questions/${encodeURIComponent(query)}`;
}

/** The address of a group's comparison of a question. */
export function comparisonPath(group: string, query: string): string {
  return `/groups/${encodeURIComponent(group)}/${encodeURIComponent(query)}`;
}

/** The address of the people behind a question's number. */
export function worklistPath(query: string): string {
  return `${questionPath(query)}/people`;
}

/** A part that is folded on a screen and open on paper. */
export function folded(summary: string, content: Markup): Markup {
  return html`<details class="cairn-fold">
    <summary>${summary}</summary>
    <div>${content}</div>
  </details>`;
}
