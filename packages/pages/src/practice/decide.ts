/** Forms by which a person of the practice decides. Each carries its page's token, and how things stood when it was shown. */
import { forWhom, html, type Markup } from "@cairn/text";
import { link } from "../components.js";
import { tokenField } from "../sign-in/fields.js";
import { practicePage } from "./frame.js";

interface Decision {
  readonly action: string; // address
  readonly token: string;
  /** How things stood, as the practice's own pages write it: where that has changed, nothing is done. */
  readonly seen: string;
  readonly fields: Readonly<Record<string, string>>;
  /** A text that is typed with it. */
  readonly typed?: { readonly name: string; readonly label: string; readonly most: number };
  /** What a person ticks first, of what cannot be undone by a button: "I know that ...". */
  readonly sure?: string;
  readonly buttons: readonly DecisionButton[];
}

interface DecisionButton {
  readonly does: string;
  readonly words: string;
  /** Whether it is the one that goes on as things are. */
  readonly isQuiet: boolean;
}

/** The form, for whoever may send it. */
export function decisionForm({ action, token, seen, fields, typed, sure, buttons }: Decision): Markup {
  const form = html`<form method="post" action="${action}" class="cairn-decide">
    ${tokenField(token)}
    <input type="hidden" name="seen" value="${seen}" />
    ${Object.entries(fields).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
    )}
    ${
      typed &&
      html`<label for="decide-${typed.name}">${typed.label}</label>
        <input
          id="decide-${typed.name}"
          name="${typed.name}"
          type="text"
          maxlength="${typed.most}"
          required
        />`
    }
    ${
      sure !== undefined &&
      html`<p>
        <label><input type="checkbox" name="sure" value="yes" required /> ${sure}</label>
      </p>`
    }
    ${buttons.map(
      ({ does, words, isQuiet }) =>
        html`<button type="submit" name="do" value="${does}" ${isQuiet && html`class="cairn-quiet"`}>
          ${words}
        </button> `,
    )}
  </form>`;
  return forWhom({ sends: action }, form);
}

/** Nothing was done: why, and the way to see how things stand now. @param words a sentence */
export function notDonePage(words: string, back: string): Markup {
  return practicePage({
    title: "Nothing was done",
    above: [{ text: "All questions", href: "/" }],
    content: html`<h1>Nothing was done</h1>
      <p>${words}</p>
      <p>${link(back, "See how it stands now")}</p>`,
  });
}
