/** A comparison row by row, in values and in words: pages lay it out, and add no words of their own. */
import { cellsOf, labelsOf, type Cell, type Query } from "@cairn/query-library";
import type { Interval } from "@cairn/statistics/intervals";
import { count } from "@cairn/text";
import type { ComparisonModel } from "./document.js";
import type { CellCounts, DocumentCell } from "./document-cell.js";
import { figureWords, percentOrNot, splitName, sumWords, TOO_CLOSE } from "./words.js";

/** Rows of one split, in the order of the query's table. */
interface SplitModel {
  readonly name: string; // "Everyone", "Age and sex"
  readonly cells: readonly CellModel[];
}

export interface CellModel extends DocumentCell {
  readonly label: string; // "Everyone", "65-74", "sex not known"
  /** Number of the practices at each whole per cent, from low to high: dots to be stacked; empty where none are shown. */
  readonly stacks: readonly { readonly percent: number; readonly practices: number }[];
  /** The practices of which no dot stands, in words: "2 withheld", or why no dot does. */
  readonly noDots: readonly string[];
  /** The median of the practices' proportions, 0..1; null where there is none or it could be anything. */
  readonly median: Interval | null;
  readonly medianWords: string; // "62 to 64 %", "cannot tell", or why there is none
  /**
   * The sum in words with the number of its practices, "240 to 260 of 398 to 402, in 6 practices", or "not shown, for
   * ...".
   */
  readonly sumWords: string;
}

/** Every split of the query. @param query the version that the model is of */
export function splitsOf(model: ComparisonModel, query: Query): SplitModel[] {
  const table = cellsOf(query, model.date);
  const labels = labelsOf(query, table);
  const splits = new Map<string, CellModel[]>();
  for (const cell of model.cells) {
    const label = labels[cell.position];
    if (label === null || label === undefined) continue;
    const keys = Object.keys(table[cell.position] as Cell);
    const name = keys.length === 0 ? "Everyone" : splitName(keys);
    const cells = splits.get(name) ?? [];
    splits.set(name, cells);
    cells.push(cellModel(cell, label));
  }
  return [...splits].map(([name, cells]) => ({ name, cells }));
}

function cellModel(cell: DocumentCell, label: string): CellModel {
  const { figure } = cell;
  const { median } = figure;
  return {
    ...cell,
    label,
    stacks: stacksOf(cell.dots),
    noDots: noDotsWords(cell),
    median: median && percentOrNot(median) !== null ? median : null,
    medianWords: median
      ? (percentOrNot(median) ?? "cannot tell")
      : cell.dots === "too-close"
        ? "not shown"
        : figure.state === "made"
          ? "too few have anyone here"
          : (figureWords(figure) ?? ""),
    sumWords: sumWords(figure),
  };
}

function noDotsWords({ dots, practices }: DocumentCell): string[] {
  if (dots === "withdrawn") return ["taken down: a practice withdrew its numbers"];
  if (dots === "too-close") return [`not shown: ${TOO_CLOSE}`];
  if (practices === null) return ["too few"];
  const { withheld, no_people, cannot_tell } = practices;
  if (dots === "too-few") {
    const all = sum(practices);
    if (no_people === all) return ["0 people in each"];
    return [
      withheld === 0 ? "too few" : `too few: ${withheld} of the ${all} that released withheld a number`,
    ];
  }
  return [
    ...(withheld > 0 ? [`${count(withheld)} withheld`] : []),
    ...(no_people > 0 ? [`${count(no_people)} with 0 people`] : []),
    ...(cannot_tell > 0 ? [`${count(cannot_tell)} cannot tell`] : []),
  ];
}

function sum(practices: CellCounts): number {
  const { no_people, none, some, withheld, cannot_tell } = practices;
  return no_people + none + some + withheld + cannot_tell;
}

function stacksOf(dots: DocumentCell["dots"]): CellModel["stacks"] {
  const stacks = new Map<number, number>();
  for (const dot of typeof dots === "string" ? [] : dots) stacks.set(dot, (stacks.get(dot) ?? 0) + 1);
  return [...stacks].map(([percent, practices]) => ({ percent, practices }));
}
