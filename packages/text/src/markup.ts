/** HTML and SVG by template: every inserted value is text, unless it is markup made here. */

const made = Symbol("made here");

export interface Markup {
  readonly [made]: string;
}

/** Escapes each value for an element or a quoted attribute; arrays are joined; null, undefined and false are nothing. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Markup {
  const text = parts.reduce((before, part, i) => before + rendered(values[i - 1]) + part);
  return { [made]: text };
}

/** The same for a drawing: the five escapes of HTML are those of XML. */
export function svg(parts: TemplateStringsArray, ...values: unknown[]): Markup {
  return html(parts, ...values);
}

/** The text of a page, for its reader's browser. */
export function textOf(page: Markup): string {
  return page[made];
}

function rendered(value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (Array.isArray(value)) return value.map(rendered).join("");
  if (isMarkup(value)) return value[made];
  if (typeof value === "string" || typeof value === "number" || value === true) return escaped(String(value));
  throw new TypeError("only text, numbers and markup made here are put in a page");
}

function isMarkup(value: unknown): value is Markup {
  return typeof value === "object" && value !== null && made in value;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? "");
}
