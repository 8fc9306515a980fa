/** Practices by name, for those to whom they consented to be named. */
import type { Names } from "@cairn/comparisons";
import { html, longDate, percent, type Markup } from "@cairn/text";
import { smallTable } from "../components.js";

export interface NamesView {
  /** Those to whom practices consent, as the charter calls them. */
  readonly whom: string;
  /** The charter's. */
  readonly purpose: string;
  readonly names: Names;
}

/** The table of those that are named, with what their consent says; or why nobody is. */
export function namesPart({ whom, purpose, names }: NamesView): Markup {
  if (names.as === "words") return html`<p>${names.words}</p>`;
  return html`<p>
      These practices consent to be named to ${whom}, and to nobody else. What for: ${purpose} Of each stands
      what its dot shows and nothing more. Each can take its consent back at any time, and is then named here
      no more.
    </p>
    ${smallTable({
      caption: "By name, with their consent",
      headings: ["Practice", "Per cent", "Named until"],
      rows: names.practices.map(({ name, percent: place, until }) => [
        name,
        percent(place / 100),
        longDate(until),
      ]),
    })}`;
}
