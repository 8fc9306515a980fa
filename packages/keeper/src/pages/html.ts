/** HTML by template: whatever is put in is text, unless it is HTML made here. */

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
  if (typeof value === "object" && made in value) return (value as Html)[made];
  return escaped(String(value as string | number | boolean));
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
