/** The list of queries in the package's QUERIES.md, made from the queries, so that it can be compared and written anew. */
import type { Library, Query } from "@cairn/query-library";

export const QUERIES_MD = new URL("../QUERIES.md", import.meta.url);
const LIST = /(<!-- queries -->\n)[^]*?(<!-- end of queries -->)/;

/** The text with its list replaced by that of `library`: a table for each purpose, one line for each query. */
export function withQueries(text: string, library: Library): string {
  const queries = [...library.queries.values()].map(({ query }) => query);
  const purposes = [...new Set(queries.map(({ purpose }) => purpose))].sort();
  const tables = purposes.map((purpose) => {
    const rows = queries.filter((query) => query.purpose === purpose).map(row);
    return `### ${purpose[0]!.toUpperCase()}${purpose.slice(1)}\n\n| query | question | source |\n|---|---|---|\n${rows.sort().join("")}`;
  });
  return text.replace(LIST, (_all, begin: string, end: string) => `${begin}\n${tables.join("\n")}\n${end}`);
}

function row({ query, question, source }: Query): string {
  return `| \`${query}\` | ${cell(question)} | ${cell(source ?? "")} |\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
