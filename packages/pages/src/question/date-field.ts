import { readDate } from "@cairn/query-library";
import { html, type Markup } from "@cairn/text";

interface DateField {
  readonly id: string;
  readonly name: string;
  readonly typed: string | undefined; // as it came with the form before
  readonly describedBy: string | null; // ids
}

/** A field for a date: a browser that has a calendar sends it as ISO, another as it was typed. */
export function dateField({ id, name, typed = "", describedBy }: DateField): Markup {
  return html`<input
    class="nhsuk-input nhsuk-input--width-10"
    id="${id}"
    name="${name}"
    type="date"
    value="${readDate(typed) ?? typed}"
    ${describedBy !== null && html`aria-describedby="${describedBy}"`}
  />`;
}
