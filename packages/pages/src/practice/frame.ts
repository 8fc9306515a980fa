import { html, type Markup } from "@cairn/text";
import { layout, type Frame, type Page } from "../layout.js";

const PRACTICE: Frame = {
  stylesheets: ["/page.css"],
  icon: null,
  purpose: "This practice's own pages",
  account: null,
  footer:
    "Only this computer shows these pages. Nothing is decided here: each page names the command that decides.",
};

/** A page of a practice's own. */
export function practicePage(page: Page): Markup {
  return layout(PRACTICE, page);
}

/** The practice has no page at this address. */
export function nothingHere(): Markup {
  return practicePage({
    title: "Nothing here",
    above: [],
    content: html`<h1>Nothing here</h1>
      <p>There is no such page. <a href="/">All queries</a></p>`,
  });
}
