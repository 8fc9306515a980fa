import { html, longDate, type Markup } from "@cairn/text";

/** The choice of another date of a question. @param dates ISO, from the oldest */
export function dateForm(chosen: string, dates: readonly string[]): Markup {
  const option = (iso: string): Markup =>
    iso === chosen
      ? html`<option value="${iso}" selected>${longDate(iso)}</option>`
      : html`<option value="${iso}">${longDate(iso)}</option>`;
  return html`<form method="get" class="cairn-date">
    <div class="nhsuk-form-group">
      <label class="nhsuk-label" for="date">Date</label>
      <select class="nhsuk-select" id="date" name="date">
        ${dates.toReversed().map(option)}
      </select>
    </div>
    <button class="nhsuk-button nhsuk-button--secondary" type="submit">Show</button>
  </form>`;
}
