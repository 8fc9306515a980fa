/** The frame of every page: its head, skip link, header, way back, content and footer. */
import { html, type Markup } from "@cairn/text";
import { link, onlyWith } from "./components.js";
import { type FormProblem, problemSummary } from "./problems.js";

/** The parts that all pages of one process have in common. */
export interface Frame {
  readonly stylesheets: readonly string[]; // addresses on the same server
  readonly icon: string | null;
  readonly purpose: string;
  readonly account: string; // address of the page of the reader's own account
  readonly footer: string;
}

export interface Link {
  readonly text: string;
  readonly href: string;
}

export interface Page {
  readonly title: string;
  /** The pages above this one, from the outermost; empty on the first page. */
  readonly above: readonly Link[];
  readonly content: Markup;
  /** Why what was sent from this page was not kept: said first, and in the title. */
  readonly notSaved?: readonly FormProblem[];
  /** How the page is set, where it is not read on a screen by one person: style sheets know it. */
  readonly kind?: "meeting" | "pack";
}

/** The whole of a page, in a frame. */
export function layout(
  { stylesheets, icon, purpose, account, footer }: Frame,
  { title, above, content, notSaved = [], kind }: Page,
): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${notSaved.length > 0 && "Not saved: "}${title} – Cairn</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${icon !== null && html`<link rel="icon" href="${icon}" type="image/svg+xml" />`}
        ${stylesheets.map((href) => html`<link rel="stylesheet" href="${href}" />`)}
      </head>
      <body class="cairn-page${kind ? ` cairn-${kind}` : ""}">
        <a class="nhsuk-skip-link" href="#maincontent">Skip to main content</a>
        <header class="cairn-header">
          <div class="nhsuk-width-container">
            ${link("/", "Cairn", { kind: "cairn-header__name" })}
            <span class="cairn-header__purpose">${purpose}</span>
            ${onlyWith(account, link(account, "Your account", { kind: "cairn-header__account" }))}
          </div>
        </header>
        <div class="nhsuk-width-container">
          ${above.length > 0 && breadcrumb(above)}
          <main class="nhsuk-main-wrapper" id="maincontent">${problemSummary(notSaved)} ${content}</main>
        </div>
        <footer class="cairn-footer">
          <div class="nhsuk-width-container"><p>${footer}</p></div>
        </footer>
      </body>
    </html>`;
}

function breadcrumb(links: readonly Link[]): Markup {
  return html`<nav class="nhsuk-breadcrumb" aria-label="Breadcrumb">
    <ol class="nhsuk-breadcrumb__list">
      ${links.map(
        ({ text, href }) =>
          html`<li class="nhsuk-breadcrumb__list-item">
            ${link(href, text, { kind: "nhsuk-breadcrumb__link" })}
          </li>`,
      )}
    </ol>
  </nav>`;
}
