import { type ComparisonModel, noMiddleWords, percentOrNot, totalOf } from "@cairn/comparisons";
import type { Query } from "@cairn/query-library";
import { html, longDate, type Markup } from "@cairn/text";
import { bullets, responsiveTable } from "../components.js";
import { groupPath, hubPage } from "./frame.js";

interface Group {
  readonly name: string;
  readonly practices: number; // admitted
}

/** Every group, with how many practices compare in it. */
export function groupsPage(groups: readonly Group[]): Markup {
  const content =
    groups.length > 0
      ? html`${bullets(
            groups.map(
              ({ name, practices }) =>
                html`<a href="${groupPath(name)}">${name}</a>: ${practices}
                  ${practices === 1 ? "practice" : "practices"}`,
            ),
          )}
          <p>
            These pages name no practice and do not say who waits: <code>cairn hub status</code>, on the hub's
            own machine, says what waits.
          </p>`
      : html`<p>
          No practice has been invited yet. Start with
          <code>cairn hub invite --practice "Its name" --group "A group"</code>.
        </p>`;
  return hubPage({
    title: "Groups",
    above: [],
    content: html`<h1>Groups that compare</h1>
      ${content}`,
  });
}

/** A comparison with the query version that it is of. */
export interface AskedComparison {
  readonly model: ComparisonModel;
  readonly query: Query;
}

/** A group's comparisons in the order of their titles. @param comparisons one for each query */
export function groupPage({ name, practices }: Group, comparisons: readonly AskedComparison[]): Markup {
  const rows = comparisons
    .toSorted((a, b) => (a.query.title < b.query.title ? -1 : 1))
    .map(({ model, query }) => [
      html`<a href="${groupPath(name, query.query)}">${query.title}</a>`,
      longDate(model.date),
      `${model.practices.contributing} of ${model.practices.asked}`,
      middleWords(model),
    ]);
  const table = responsiveTable({
    caption: "Comparisons",
    headings: ["Question", "Date", "Practices that released", "Middle of the group"],
    rows,
  });
  return hubPage({
    title: name,
    above: [{ text: "Groups", href: "/" }],
    content: html`<h1>${name}</h1>
      <p class="nhsuk-body-l">
        ${practices} ${practices === 1 ? "practice compares" : "practices compare"} to learn from one another.
      </p>
      ${
        rows.length > 0
          ? table
          : html`<p>
              Nothing has been asked of this group yet. Start with
              <code>cairn schedule add --group "${name}" --query NAME</code>.
            </p>`
      }`,
  });
}

function middleWords(model: ComparisonModel): string {
  const median = totalOf(model)?.median;
  return median ? (percentOrNot(median) ?? "cannot tell") : (noMiddleWords(model) ?? "");
}
