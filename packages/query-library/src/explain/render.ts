/** An explanation as text for a terminal (at most 80 columns) and as Markdown. */
import { wrap } from "@cairn/text";
import type { Explanation, Rule, Section } from "./index.js";
import { flat, type Phrase } from "./phrases.js";

const LABEL = 16;
const WIDTH = 80 - LABEL;

/** Renders plain text, at most 80 columns wide. */
export function explanationText(explanation: Explanation): string {
  const sections = explanation.sections.map(sectionText);
  return `${[`${explanation.title}\n(${explanation.name})`, ...sections].join("\n\n")}\n`;
}

function sectionText({ title, rules }: Section): string {
  return [title, "-".repeat(title.length), ...rules.flatMap(ruleLines)].join("\n");
}

function ruleLines({ label, says, then }: Rule): string[] {
  const lines = [
    ...phraseLines(says, ""),
    ...(then === null ? [] : wrap(`-> ${then}`, { width: WIDTH, rest: "   " })),
  ];
  const [first = "", ...rest] = lines;
  const long = label.length >= LABEL; // a long label takes a line of its own
  const head = long ? [label, " ".repeat(LABEL) + first] : [label.padEnd(LABEL) + first];
  return [...head, ...rest.map((line) => " ".repeat(LABEL) + line)];
}

function phraseLines(phrase: Phrase, indent: string): string[] {
  if (typeof phrase === "string") return wrap(phrase, { width: WIDTH, first: indent, rest: indent });
  const parts = phrase.parts.flatMap((part) => {
    const [first = "", ...rest] = phraseLines(part, `${indent}  `);
    return [`${indent}- ${first.trimStart()}`, ...rest];
  });
  return [...wrap(phrase.lead, { width: WIDTH, first: indent, rest: indent }), ...parts];
}

/** Renders Markdown: a heading, and a table for each section. */
export function explanationMarkdown(explanation: Explanation): string {
  const sections = explanation.sections.map(sectionMarkdown);
  return `${[`# ${cell(explanation.title)}`, `\`${explanation.name}\``, ...sections].join("\n\n")}\n`;
}

function sectionMarkdown({ title, rules }: Section): string {
  const withThen = rules.some((rule) => rule.then !== null);
  const head = withThen ? ["| | | |", "|---|---|---|"] : ["| | |", "|---|---|"];
  const rows = rules.map(({ label, says, then }) => {
    const cells = [label, flat(says), ...(withThen ? [then ?? ""] : [])].map(cell);
    return `| ${cells.join(" | ")} |`;
  });
  return [`## ${title}`, "", ...head, ...rows].join("\n");
}

/** Escapes text so that it cannot break a Markdown table or smuggle markup into it. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[|<>\\]/g, (sign) => `\\${sign}`);
}
