/** A paper for people outside of the program: headings, texts, tables and gaps, which Markdown and a printed page lay out. */

export type PaperItem =
  | { readonly is: "heading"; readonly level: 2 | 3; readonly words: string }
  /** `from`: the place that says so; null where the sentence says it itself. */
  | { readonly is: "text"; readonly words: string; readonly from: string | null }
  | { readonly is: "list"; readonly items: readonly string[] }
  | {
      readonly is: "table";
      readonly headings: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  /** Only a person can write this. */
  | { readonly is: "gap"; readonly words: string };

export interface Paper {
  readonly title: string;
  readonly blocks: readonly PaperItem[];
}

export const heading = (level: 2 | 3, words: string): PaperItem => ({ is: "heading", level, words });
export const text = (words: string, from: string | null = null): PaperItem => ({ is: "text", words, from });
export const list = (items: readonly string[]): PaperItem => ({ is: "list", items });
export const gap = (words: string): PaperItem => ({ is: "gap", words });

/** A table, or where it would have no row a sentence that says so. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): PaperItem {
  return rows.length > 0 ? { is: "table", headings, rows } : text(none);
}

/** Stands before each gap. */
export const GAP = "A person writes here:";

/**
 * A text on one line that holds nothing but what prints: names in logs, charters and queries are somebody else's, and may
 * hold what moves a terminal's cursor or turns the direction of reading.
 */
export function printable(words: string): string {
  return words.replaceAll(/\s+/g, " ").replaceAll(/\p{C}/gu, "\uFFFD").trim();
}
