import { type CellModel, type CollectedAnswers, type Place, splitsOf } from "@cairn/comparisons";
import { html, type Markup, percent } from "@cairn/text";
import { responsiveTable } from "../components.js";

const TOO_FEW = "too few";

/** A comparison by group of patients, a table for each split. */
export function splitsSection(found: CollectedAnswers): Markup {
  const splits = found.shown ? splitsOf(found) : [];
  const tooFew = splits.some(({ cells }) =>
    cells.some((cell) => [cell.noPlaces, middleWords(cell), togetherWords(cell)].includes(TOO_FEW)),
  );
  return html`<section aria-labelledby="parts">
    <h2 id="parts" class="nhsuk-heading-m">By group of patients</h2>
    ${
      !found.shown &&
      html`<p>
        Shown once five practices have released both numbers of everyone, or of a group of patients.
      </p>`
    }
    ${tooFew && html`<p>Too few: fewer than five practices released both numbers of these patients.</p>`}
    ${splits.map(({ name, cells }) =>
      responsiveTable({
        caption: name,
        headings: ["Patients", "Practices, in no order", "Middle of the group", "Group together"],
        rows: cells.map((cell) => [cell.label, placesOf(cell), middleWords(cell), togetherWords(cell)]),
      }),
    )}
  </section>`;
}

function placesOf({ places, noPlaces }: CellModel): Markup {
  const each = places.map((place) => html`<span class="cairn-place">${placeWords(place)}</span> `);
  return html`<span>${places.length > 0 ? each : noPlaces}</span>`;
}

function placeWords(place: Place): string {
  if (typeof place === "number") return percent(place / 100);
  return place === "no people" ? "0 people" : place;
}

function middleWords({ group, medianWords }: CellModel): string {
  return group.state === "too-few" && !group.median ? TOO_FEW : medianWords;
}

function togetherWords({ group, sumWords }: CellModel): string {
  return group.state === "too-few" ? TOO_FEW : sumWords;
}
