import { strip, type Strip } from "@cairn/charts";
import {
  type CollectedAnswers,
  groupFigure,
  type GroupJson,
  percentOrNot,
  places,
  sentence,
} from "@cairn/comparisons";
import { html, longDate, type Markup, percent } from "@cairn/text";
import { bullets } from "../components.js";
import { groupPath, hubPage } from "./frame.js";
import { splitsSection } from "./splits.js";
import { trustLines } from "./trust.js";

/**
 * One query, group and date.
 * @param dates all dates of the comparison, ISO, from the oldest
 * @param dots whether the reader may see the practices of the group, each as a dot
 */
export function comparisonPage(found: CollectedAnswers, dates: readonly string[], dots: boolean): Markup {
  const { query, group } = found;
  const total = groupFigure(found, 0);
  return hubPage({
    title: `${query.title}, ${longDate(found.date)}`,
    above: [
      { text: "Groups", href: "/" },
      { text: group, href: groupPath(group) },
    ],
    content: html`<h1>
        <span class="nhsuk-caption-l">${group}, ${longDate(found.date)}</span>
        ${query.title}
      </h1>
      ${question(query)} ${dateForm(found.date, dates)}
      <section aria-labelledby="trust">
        <h2 id="trust" class="nhsuk-heading-m">How far these numbers can be trusted</h2>
        ${bullets(trustLines(found, total))}
      </section>
      <section aria-labelledby="spread">
        <h2 id="spread" class="nhsuk-heading-m">How practices spread</h2>
        ${dots ? spread(found, total) : html`<p>Shown to the group's own lead: you see the group as a whole.</p>`}
      </section>
      <section aria-labelledby="says">
        <h2 id="says" class="nhsuk-heading-m">What this says</h2>
        <div class="nhsuk-inset-text"><p>${sentence(found, total)}</p></div>
      </section>
      ${splitsSection(found)} ${TALK}`,
  });
}

function question({
  query,
  version,
  question: asked,
  why,
  purpose,
  source,
}: CollectedAnswers["query"]): Markup {
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

function spread(found: CollectedAnswers, total: GroupJson): Markup {
  const drawn = stripOf(found, total);
  if (!drawn)
    return html`<p>
      Not shown: ${total.state === "collecting" ? "still collecting" : "fewer than five practices to show"}.
    </p>`;
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

function stripOf(found: CollectedAnswers, { median }: GroupJson): Strip | null {
  const peers = places(found, 0);
  if (!peers || !("shown" in peers)) return null;
  const words = median && percentOrNot(median);
  return strip({
    id: "strip",
    title: `${found.query.title}, ${longDate(found.date)}: one dot for each practice`,
    dots: peers.shown.filter((place) => typeof place === "number"),
    median: words ? median : null,
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
