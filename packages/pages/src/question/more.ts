/** What stands behind "more": the group standardised by age, and how practices spread at each date. */
import {
  bandsOverTime,
  STANDARD,
  standardisedByAge,
  type DecileSeries,
  type StandardisedSeries,
} from "@cairn/comparisons";
import { html, longDate, percentRange, type Markup } from "@cairn/text";
import { responsiveTable } from "../components.js";
import { decilesFigure, type Tables } from "./figures.js";
import type { QuestionView } from "./view.js";

/** The group's share at each date standardised by age, or why it is not. */
export function standardisedPart({ query, dates }: QuestionView): Markup | null {
  const found = standardisedByAge(query, dates);
  if (found === null)
    return html`<p>Not standardised: the numbers of this question are not split by age.</p>`;
  if (typeof found === "string") return html`<p>Not standardised by age: ${found}.</p>`;
  const newest = found.dates.at(-1);
  if (!newest) return null;
  if (found.dates.every(({ standardised }) => typeof standardised === "string"))
    return html`<p>Not standardised by age: ${newest.standardised}.</p>`;
  return html`<p>
      Standardised by age, for comparing dates while the ages of the patients change: the share that the group
      together would have if its patients' ages were those of ${STANDARD}.
    </p>
    ${responsiveTable({
      caption: "The group together, standardised by age",
      headings: ["Date", "As it is", "Standardised by age", "95 % limits"],
      rows: found.dates.map(rowOf),
    })}
    ${notesOf(found).map((note) => html`<p class="cairn-small">${note}</p>`)}`;
}

function rowOf({ date, asItIs, standardised }: StandardisedSeries["dates"][number]): string[] {
  const now = asItIs ? percentRange(asItIs) : "not shown, or cannot tell";
  if (typeof standardised === "string") return [longDate(date), now, standardised, "none"];
  const { share, limits } = standardised;
  return [longDate(date), now, percentRange(share), limits ? percentRange(limits) : "cannot tell"];
}

function notesOf({ agesMissing, cutsGroups }: StandardisedSeries): string[] {
  return [
    "The limits are Dobson's, which hold for few events and are wide for many.",
    ...(cutsGroups
      ? ["Where an age band cuts a group of five years of the standard, each of its years has an equal part."]
      : []),
    ...(agesMissing ? ["People whose age is not known are left out."] : []),
  ];
}

/** How practices spread at each date with the group's middle on it; a line where that has one date alone; else nothing. */
export function bandsPart(view: QuestionView, tables: Tables): Markup | null {
  const found = bandsOverTime(view.dates, view.sees);
  if (found === null) return null;
  if (found === "one-date")
    return html`<p>
      How practices elsewhere spread over time is not drawn: their figure is here for one date alone.
    </p>`;
  return decilesFigure(
    {
      id: `${view.query.query}-deciles`,
      title: `${view.query.title}: how ${whose(found)} spread at each date, and the middle of the group`,
      label: "Middle of the group",
      dates: found.dates.map(({ date, deciles, median }) => ({ date, deciles, share: median })),
    },
    [saysOf(found)],
    tables,
  );
}

function whose({ of }: DecileSeries): string {
  return of === "elsewhere" ? "practices elsewhere" : "the group's practices";
}

function saysOf({ of, sources, dates }: DecileSeries): string {
  const each = dates[0]?.deciles.length === 9 ? "each band ends at a tenth" : "the band holds eight of ten";
  const from =
    of === "elsewhere" ? `, by the figure that was newest at each date (${sources.join("; ")})` : "";
  return `The line is the middle of ${whose({ of, sources, dates })}, and ${each}${from}. The diamond is the middle of the group.`;
}
