/** A paper as Markdown (CommonMark with tables), in which every word is text: nobody's name becomes a link or a heading. */
import { GAP, printable, type PaperItem, type Paper } from "./paper.js";

export function markdownOf({ title, blocks }: Paper): string {
  return `${[`# ${inline(title)}`, ...blocks.map(blockOf)].join("\n\n")}\n`;
}

function blockOf(block: PaperItem): string {
  switch (block.is) {
    case "heading":
      return `${"#".repeat(block.level)} ${inline(block.words)}`;
    case "text":
      return paragraph(block.words) + (block.from === null ? "" : ` _(${inline(block.from)})_`);
    case "list":
      return block.items.map((item) => `- ${paragraph(item)}`).join("\n");
    case "gap":
      return `> **${GAP}** ${inline(block.words)}`;
    case "table":
      return [block.headings, block.headings.map(() => null), ...block.rows].map(rowOf).join("\n");
  }
}

function rowOf(cells: readonly (string | null)[]): string {
  return `| ${cells.map((cell) => (cell === null ? "---" : inline(cell))).join(" | ")} |`;
}

/** A text that begins a line, where a mark would begin a list, a heading, a quotation or a rule. */
function paragraph(words: string): string {
  return inline(words)
    .replace(/^([-+=])/, "\\$1")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}

function inline(words: string): string {
  return printable(words)
    .replaceAll(/[\\`*_[\]<>#|~]/g, "\\$&")
    .replaceAll(/&(?=#?\w+;)/g, "\\&");
}
