/** Why a form was not taken. */
import { html, type Markup } from "@cairn/text";

export interface FormProblem {
  readonly words: string; // a sentence
  readonly at: string; // id of the field that it is about
}

/** The reasons why a form was not taken, which stand first on its page; nothing where there are none. */
export function problemSummary(problems: readonly FormProblem[]): Markup | null {
  if (problems.length === 0) return null;
  return html`<div class="nhsuk-error-summary" role="alert" aria-labelledby="problem">
    <h2 class="nhsuk-error-summary__title" id="problem">There is a problem</h2>
    <ul class="nhsuk-list nhsuk-error-summary__list">
      ${problems.map(({ words, at }) => html`<li><a href="#${at}">${words}</a></li>`)}
    </ul>
  </div>`;
}
