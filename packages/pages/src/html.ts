/** HTML by template: every inserted value is text, unless it is HTML made here. */

const made = Symbol("made here");

export interface Html {
  readonly [made]: string;
}

/** Escapes each value; arrays are joined; null and undefined are nothing. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  const text = parts.reduce((before, part, i) => before + rendered(values[i - 1]) + part);
  return { [made]: text };
}

export function textOf(page: Html): string {
  return page[made];
}

function rendered(value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (Array.isArray(value)) return value.map(rendered).join("");
  if (isHtml(value)) return value[made];
  if (typeof value === "string" || typeof value === "number" || value === true) return escaped(String(value));
  throw new TypeError("only text, numbers and HTML made here are put in a page");
}

function isHtml(value: unknown): value is Html {
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
