import { strip, type Strip } from "@cairn/charts";
import { type ComparisonModel, percentOrNot, sentence, totalOf } from "@cairn/comparisons";
import type { Query } from "@cairn/query-library";
import { html, longDate, type Markup, percent } from "@cairn/text";
import { bullets } from "../components.js";
import { groupPath, hubPage } from "./frame.js";
import type { AskedComparison } from "./groups.js";
import { splitsSection } from "./splits.js";
import { trustLines } from "./trust.js";

/**
 * One query, group and date.
 * @param dates all dates of the comparison, ISO, from the oldest
 * @param dots whether the reader may see the practices of the group, each as a dot
 */
export function comparisonPage(
  { model, query }: AskedComparison,
  dates: readonly string[],
  dots: boolean,
): Markup {
  const { group, date } = model;
  return hubPage({
    title: `${query.title}, ${longDate(date)}`,
    above: [
      { text: "Groups", href: "/" },
      { text: group, href: groupPath(group) },
    ],
    content: html`<h1>
        <span class="nhsuk-caption-l">${group}, ${longDate(date)}</span>
        ${query.title}
      </h1>
      ${question(query)} ${dateForm(date, dates)}
      <section aria-labelledby="trust">
        <h2 id="trust" class="nhsuk-heading-m">How far these numbers can be trusted</h2>
        ${bullets(trustLines(model))}
      </section>
      <section aria-labelledby="spread">
        <h2 id="spread" class="nhsuk-heading-m">How practices spread</h2>
        ${dots ? spread(model, query) : html`<p>Shown to the group's own lead: you see the group as a whole.</p>`}
      </section>
      <section aria-labelledby="says">
        <h2 id="says" class="nhsuk-heading-m">What this says</h2>
        <div class="nhsuk-inset-text"><p>${sentence(model)}</p></div>
      </section>
      ${splitsSection(model, query)} ${TALK}`,
  });
}

function question({ query, version, question: asked, why, purpose, source }: Query): Markup {
  const facts = [
    ["Purpose", purpose],
    ["Definition", source],
    ["Version", `${query} ${version}`],
  ];
  return html`<section aria-labelledby="question">
    <h2 id="question" class="nhsuk-heading-m">The question</h2>
    <p class="nhsuk-body-l">${asked}</p>
    ${why && html`<p>${why}</p>`}
    <dl class="nhsuk-summary-list">
      ${facts.map(
        ([key, value]) =>
          value &&
          html`<div class="nhsuk-summary-list__row">
            <dt class="nhsuk-summary-list__key">${key}</dt>
            <dd class="nhsuk-summary-list__value">${value}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

function dateForm(chosen: string, dates: readonly string[]): Markup {
  const option = (iso: string): Markup =>
    iso === chosen
      ? html`<option value="${iso}" selected>${longDate(iso)}</option>`
      : html`<option value="${iso}">${longDate(iso)}</option>`;
  return html`<form method="get" class="cairn-date">
    <div class="nhsuk-form-group">
      <label class="nhsuk-label" for="date">Date</label>
      <select class="nhsuk-select" id="date" name="date">
        ${dates.map(option)}
      </select>
    </div>
    <button class="nhsuk-button nhsuk-button--secondary" type="submit">Show</button>
  </form>`;
}

function spread(model: ComparisonModel, query: Query): Markup {
  const dots = dotsOf(model);
  if (typeof dots === "string") return html`<p>Not shown: ${NO_DOTS[dots]}.</p>`;
  const drawn = drawnStrip(model, dots, query.title);
  return html`<div class="cairn-together">
    <figure class="cairn-figure">
      ${drawn.svg} ${drawn.legend && html`<figcaption class="cairn-legend">${drawn.legend}</figcaption>`}
    </figure>
    <p class="nhsuk-u-font-size-16">
      Each dot is one practice, at a whole per cent that its rounded numbers allow: which of those is drawn by
      lot, once, so that nobody can tell a practice by its size. The dots are alike, and which is which is not
      shown.
    </p>
    <details class="nhsuk-details">
      <summary class="nhsuk-details__summary">
        <span class="nhsuk-details__summary-text">The same numbers as a table</span>
      </summary>
      <div class="nhsuk-details__text">${stripTable(drawn)}</div>
    </details>
  </div>`;
}

function dotsOf({ closed_at, cells }: ComparisonModel): readonly number[] | keyof typeof NO_DOTS {
  return closed_at === null ? "collecting" : (cells[0]?.dots ?? "too-few");
}

const NO_DOTS = {
  collecting: "still collecting",
  "too-few": "fewer than five practices to show",
  withdrawn: "taken down, because a practice withdrew its numbers",
};

function drawnStrip(model: ComparisonModel, dots: readonly number[], title: string): Strip {
  const median = totalOf(model)?.median;
  const words = median ? percentOrNot(median) : null;
  return strip({
    id: "strip",
    title: `${title}, ${longDate(model.date)}: one dot for each practice`,
    dots,
    median: words && median ? median : null,
    medianLabel: words ? `middle of the group ${words}` : "",
  });
}

function stripTable({ table }: Strip): Markup {
  return html`<table class="nhsuk-table">
    <caption class="nhsuk-table__caption">
      Practices at each per cent
    </caption>
    <thead>
      <tr>
        <th scope="col">Per cent</th>
        <th scope="col">Practices</th>
      </tr>
    </thead>
    <tbody>
      ${table.map(
        (row) =>
          html`<tr>
            <th scope="row">${percent(row.percent / 100)}</th>
            <td>${row.practices}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

const TALK = html`<section aria-labelledby="talk">
  <h2 id="talk" class="nhsuk-heading-m">To talk about</h2>
  ${bullets([
    "Is the spread between practices wider than you would expect? What could explain it besides care: coding, records, who is registered?",
    "Who does something here that others could try?",
    "We will try … by … measured by …",
  ])}
</section>`;
