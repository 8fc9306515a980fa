import { type CellModel, type ComparisonModel, type Sight, splitsOf } from "@cairn/comparisons";
import type { Query } from "@cairn/query-library";
import { html, type Markup, percent } from "@cairn/text";
import { responsiveTable } from "../components.js";

const TOO_FEW = "too few";

/** A comparison by group of patients, a table for each split. */
export function splitsPart(model: ComparisonModel, query: Query, sees: Sight): Markup {
  if (!model.shown)
    return html`<p>
      Shown once five practices have released both numbers of everyone, or of a group of patients.
    </p>`;
  const splits = splitsOf(model, query);
  const tooFew = splits.some(({ cells }) =>
    cells.some((cell) => [...cell.noDots, middleWords(cell), togetherWords(cell)].includes(TOO_FEW)),
  );
  const dots = sees === "dots";
  return html`${splits.map(({ name, cells }) =>
    responsiveTable({
      caption: name,
      headings: ["Patients", ...(dots ? ["Practices"] : []), "Middle of the group", "Group together"],
      rows: cells.map((cell) => [
        cell.label,
        ...(dots ? [dotsOf(cell)] : []),
        middleWords(cell),
        togetherWords(cell),
      ]),
    }),
  )}
  ${
    tooFew &&
    html`<p class="cairn-small">
      “Too few” in a cell means: fewer than five practices released both numbers of these patients.
    </p>`
  }`;
}

function dotsOf({ stacks, noDots }: CellModel): Markup {
  return html`<span
    >${stacks.map(
      ({ percent: at, practices }) =>
        html`<span class="cairn-place">${practices} at ${percent(at / 100)}</span> `,
    )}${noDots.length > 0 && html`<span class="cairn-place cairn-place--words">${noDots.join("; ")}</span>`}</span
  >`;
}

function middleWords({ figure, medianWords }: CellModel): string {
  return figure.state === "too-few" && !figure.median ? TOO_FEW : medianWords;
}

function togetherWords({ figure, sumWords }: CellModel): string {
  return figure.state === "too-few" ? TOO_FEW : sumWords;
}
