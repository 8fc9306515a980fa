/** What a person's role may do, on their first page. */
import { html, type Markup } from "@cairn/text";
import { bullets } from "./components.js";

export interface Rights {
  /** The role's name: "quality lead". */
  readonly role: string;
  readonly rights: readonly { readonly words: string; readonly commands: readonly string[] }[];
}

/** The rights as a list, folded. @param isOpen at first, for a reader whose page has little else */
export function rightsPart({ role, rights }: Rights, isOpen: boolean): Markup {
  const lines = rights.map(({ words, commands }) =>
    commands.length === 0
      ? words
      : html`${words}: ${commands.map((command, i) => html`${i > 0 && ", "}<code>cairn ${command}</code>`)}`,
  );
  return html`<details class="cairn-fold" ${isOpen && html`open`}>
    <summary>What you may do here as ${role}</summary>
    <div>${bullets(lines)}</div>
  </details>`;
}
