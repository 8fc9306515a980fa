/** A comparison cell by cell, in values and in words: pages lay it out, and add no words of their own. */
import { labelsOf } from "@cairn/query-library";
import type { Interval } from "@cairn/statistics/intervals";
import type { CollectedAnswers } from "./collected.js";
import { groupFigure, type GroupJson } from "./json.js";
import { places, type Place } from "./strip.js";
import { figureWords, percentOrNot, splitName, sumWords } from "./words.js";

/** Cells of one split, in the order of the query's table. */
interface SplitModel {
  readonly name: string; // "Everyone", "Age and sex"
  readonly cells: readonly CellModel[];
}

export interface CellModel {
  /** The position in the query's table; 0 is the total. */
  readonly position: number;
  readonly label: string; // "Everyone", "65-74", "sex not known"
  /** Places of unidentified practices, in an order that carries no information; empty where too few may be shown. */
  readonly places: readonly Place[];
  /** Number of the shown practices at each whole per cent, from low to high: dots to be stacked. */
  readonly dots: readonly { readonly percent: number; readonly practices: number }[];
  /** The words in place of `places` where it is empty; "" otherwise. */
  readonly noPlaces: string;
  /** Number of the numbers behind this cell that repeat an earlier period. */
  readonly carried: number;
  readonly group: GroupJson;
  /** The median of the practices' proportions, 0..1; null where there is none or it could be anything. */
  readonly median: Interval | null;
  readonly medianWords: string; // "62 to 64 %", "cannot tell", or why there is none
  /**
   * The sum in words with the number of its practices, "240 to 260 of 398 to 402, in 6 practices", or "not shown, for
   * ...".
   */
  readonly sumWords: string;
}

/** Every split of the query; rows that its population cannot hold are left out. */
export function splitsOf(found: CollectedAnswers): SplitModel[] {
  const labels = labelsOf(found.query, found.cells);
  const splits = new Map<string, CellModel[]>();
  for (const [position, cell] of found.cells.entries()) {
    const label = labels[position];
    if (label === null || label === undefined) continue;
    const keys = Object.keys(cell);
    const name = keys.length === 0 ? "Everyone" : splitName(keys);
    const cells = splits.get(name) ?? [];
    splits.set(name, cells);
    cells.push(cellOf(found, position, label));
  }
  return [...splits].map(([name, cells]) => ({ name, cells }));
}

function cellOf(found: CollectedAnswers, position: number, label: string): CellModel {
  const group = groupFigure(found, position);
  const shown = placesOf(found, position);
  const { median } = group;
  return {
    position,
    label,
    ...shown,
    dots: dotsOf(shown.places),
    carried: group.carried ?? 0,
    group,
    median: median && percentOrNot(median) !== null ? median : null,
    medianWords: median
      ? (percentOrNot(median) ?? "cannot tell")
      : group.state === "made"
        ? "too few have anyone here"
        : (figureWords(group) ?? ""),
    sumWords: sumWords(group),
  };
}

function placesOf(found: CollectedAnswers, position: number): Pick<CellModel, "places" | "noPlaces"> {
  const all = places(found, position);
  if (!all) return { places: [], noPlaces: "still collecting" };
  if ("shown" in all) return { places: all.shown, noPlaces: "" };
  const { withheld, of } = all;
  return {
    places: [],
    noPlaces:
      withheld === 0 ? "too few" : `too few: ${withheld} of the ${of} that released withheld a number`,
  };
}

function dotsOf(shown: readonly Place[]): CellModel["dots"] {
  const stacks = new Map<number, number>();
  for (const place of shown) {
    if (typeof place === "number") stacks.set(place, (stacks.get(place) ?? 0) + 1);
  }
  return [...stacks].sort(([a], [b]) => a - b).map(([percent, practices]) => ({ percent, practices }));
}
