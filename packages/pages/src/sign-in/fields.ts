/** Fields of the forms by which people sign in. */
import { html, type Markup } from "@cairn/text";

interface TextField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: "text" | "password";
  readonly value?: string;
  /** What a browser may fill in. */
  readonly autocomplete: "username" | "current-password" | "new-password" | "one-time-code";
  readonly digits?: true;
}

/** A field with its label above it and, where there is one, a hint that a screen reader reads with it. */
export function textField(field: TextField): Markup {
  const { name, label, hint, type = "text", value = "", autocomplete, digits } = field;
  return html`<div class="nhsuk-form-group">
    <label class="nhsuk-label" for="${name}">${label}</label>
    ${hint !== undefined && html`<div class="nhsuk-hint" id="${name}-hint">${hint}</div>`}
    <input
      class="nhsuk-input ${digits ? "nhsuk-input--width-10" : "cairn-input"}"
      id="${name}"
      name="${name}"
      type="${type}"
      value="${value}"
      autocomplete="${autocomplete}"
      autocapitalize="none"
      spellcheck="false"
      ${digits && html`inputmode="numeric"`}
      ${hint !== undefined && html`aria-describedby="${name}-hint"`}
      required
    />
  </div>`;
}

/** The token that a form carries, so that a page elsewhere cannot send it. */
export function tokenField(token: string): Markup {
  return html`<input type="hidden" name="_csrf" value="${token}" />`;
}
