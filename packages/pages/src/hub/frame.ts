import { html, type Markup } from "@cairn/text";
import { link } from "../components.js";
import { monthHint } from "../officer/asked.js";
import { layout, type Frame, type Page } from "../layout.js";

const HUB: Frame = {
  stylesheets: ["/assets/nhsuk.css", "/assets/cairn.css"],
  icon: "/assets/cairn.svg",
  purpose: "Comparing to improve care",
  account: "/account",
  footer:
    "For improvement, among practices that chose to compare. Practices are not identified here. Only numbers about groups of people left a practice, rounded, with small ones withheld.",
};

/** A page of the hub. */
export function hubPage(page: Page): Markup {
  return layout(HUB, page);
}

/** A page of the hub on which practices stand by name, by their consent. */
export function hubNamesPage(page: Page): Markup {
  const footer =
    "For improvement, among practices that chose to compare. Practices stand here by name, each by its own consent and for your eyes: do not pass their names on. Only numbers about groups of people left a practice, rounded, with small ones withheld.";
  return layout({ ...HUB, footer }, page);
}

const NAMING: Frame = {
  ...HUB,
  purpose: "Governance and operation",
  footer:
    "This page names practices and people, and shows no number that a practice released. Pass it on only to who may see it.",
};

/** A page of the hub for those who answer for it and run it: it names practices, and holds no number of one. */
export function hubOfficePage(page: Page): Markup {
  return layout(NAMING, page);
}

/** The hub's page on its log: it names nobody, and tells of the log alone. */
export function hubLogPage(page: Page): Markup {
  return layout(
    { ...NAMING, footer: "This page tells of the hub's log as a whole: it names nobody and no practice." },
    page,
  );
}

/** The address of a group's page, or of its comparison for a query. */
export function groupPath(group: string, query?: string): string {
  const base = `/groups/${encodeURIComponent(group)}`;
  return query === undefined ? base : `${base}/${encodeURIComponent(query)}`;
}

/** The address of a meeting's pages, at its first question or at one of them. */
export function meetingPath(group: string, query?: string): string {
  const base = `/meetings/${encodeURIComponent(group)}`;
  return query === undefined ? base : `${base}/${encodeURIComponent(query)}`;
}

/** The address of a meeting's pack. */
export function packPath(group: string): string {
  return `/packs/${encodeURIComponent(group)}`;
}

/** The address of a group's charter. */
export function charterPath(group: string): string {
  return `/charters/${encodeURIComponent(group)}`;
}

/** The address of the officer's account of a group. */
export function decisionsPath(group: string): string {
  return `/decisions/${encodeURIComponent(group)}`;
}

/** The person who asks may not see this page. @param why in words for them */
export function notAllowedPage(why: string): Markup {
  return hubPage({
    title: "Not for you",
    above: [],
    content: html`<h1>This page is not for you</h1>
      <p>${why}</p>
      <p>${link("/", "Go to the first page")}.</p>`,
  });
}

/** The hub has no page at this address. @param address as it was asked for */
export function noSuchPage(address = ""): Markup {
  return hubPage({
    title: "Not found",
    above: [],
    content: html`<h1>There is no such page</h1>
      <p>
        ${monthHint(address) ?? "The comparison may not have been asked for yet."}
        ${link("/", "See all groups")}.
      </p>`,
  });
}
