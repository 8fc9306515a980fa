/** HTML and SVG by template: every inserted value is text, unless it is markup made here. */

const made = Symbol("made here");

export interface Markup {
  readonly [made]: readonly Part[];
}

/** A stretch of a page: its text, or a choice that is made when it is known who reads it. */
type Part = string | Choice;

interface Choice {
  readonly need: Need;
  readonly then: Markup;
  readonly otherwise: Markup;
}

/** A condition of a part of a page: its reader may open an address, send a form to it, or give a command. */
export type Need =
  | { readonly opens: string }
  | { readonly sends: string }
  /** @param gives without "cairn" and its arguments: "agent pause" @param group that it is about, where it is about one */
  | { readonly gives: string; readonly group?: string };

/** Escapes each value for an element or a quoted attribute; arrays are joined; null, undefined and false are nothing. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Markup {
  const all: Part[] = [];
  for (const [i, part] of parts.entries()) {
    if (i > 0) add(all, values[i - 1]);
    append(all, part);
  }
  return { [made]: all };
}

/** Shows markup to a reader who is allowed what it needs, and something else, or nothing, to every other. */
export function forWhom(need: Need, then: Markup, otherwise: Markup = html``): Markup {
  return { [made]: [{ need, then, otherwise }] };
}

/** The same for a drawing: the five escapes of HTML are those of XML. */
export function svg(parts: TemplateStringsArray, ...values: unknown[]): Markup {
  return html(parts, ...values);
}

/** The text of a page, for its reader's browser. @param allowed whether that reader is allowed what a part needs */
export function textOf(page: Markup, allowed: (need: Need) => boolean = () => true): string {
  return page[made]
    .map((part) => {
      if (typeof part === "string") return part;
      return textOf(allowed(part.need) ? part.then : part.otherwise, allowed);
    })
    .join("");
}

function add(all: Part[], value: unknown): void {
  if (value === null || value === undefined || value === false) return;
  if (Array.isArray(value)) for (const each of value) add(all, each);
  else if (isMarkup(value)) for (const part of value[made]) append(all, part);
  else if (typeof value === "string" || typeof value === "number" || value === true)
    append(all, escaped(String(value)));
  else throw new TypeError("only text, numbers and markup made here are put in a page");
}

/** Texts that follow one another become one, so that a page without choices is one text. */
function append(all: Part[], part: Part): void {
  const last = all.at(-1);
  if (typeof last === "string" && typeof part === "string") all[all.length - 1] = last + part;
  else all.push(part);
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
