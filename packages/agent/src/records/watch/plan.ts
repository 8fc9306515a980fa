/** Decides which extract is taken next: each once, oldest first, and none after a gap. */
import {
  type DatedFacts,
  lastWholeDay,
  type Gap,
  missingBetween,
  gapWords,
  plainMoment,
} from "@cairn/importers";
import { isoDate } from "@cairn/query-library";
import type { Arrival } from "./arrivals.js";

export type Step =
  | { readonly do: "take"; readonly arrival: DatedArrival; readonly whole: boolean }
  /** Nothing that a person has to do. */
  | { readonly do: "wait"; readonly words: string | null }
  /** Nothing more is taken until a person does something. */
  | { readonly do: "stop"; readonly words: string };

export type DatedArrival = Arrival & { readonly facts: DatedFacts };

/**
 * @param last the moment of the extract that was taken last; null where the store holds none
 * @param byHand the command that takes an extract in by hand, up to its path
 */
export function nextStep(arrivals: readonly Arrival[], last: string | null, byHand: string): Step {
  const fresh = arrivals
    .filter(isDated)
    .filter(({ facts }) => last === null || facts.to > last)
    .sort(byMoment);
  const [next] = fresh;
  if (next === undefined) return undatedStep(arrivals);
  const missing = last === null ? null : missingBetween(next.facts, last);
  const follows = last === null ? next.facts.kind !== "delta" : missing === null;
  const chosen = follows ? next : fresh.find(({ facts }) => facts.kind === "bulk");
  if (chosen === undefined && next.atRest)
    return { do: "stop", words: `${stopWords(next, last, missing, byHand)}${unreadWords(arrivals)}` };
  if (chosen === undefined || !chosen.atRest)
    return { do: "wait", words: `${(chosen ?? next).name} is still being written` };
  const twin = fresh.find((each) => each !== chosen && byMoment(each, chosen, false) === 0);
  if (twin !== undefined) return { do: "stop", words: twinWords(chosen, twin) };
  return { do: "take", arrival: chosen, whole: last !== null && chosen.facts.kind === "bulk" };
}

function isDated(arrival: Arrival): arrival is DatedArrival {
  return "to" in arrival.facts && arrival.facts.to !== null;
}

/** Oldest first; of one moment a bulk first, which tells all that the others do, and then by name if that is asked. */
function byMoment(a: DatedArrival, b: DatedArrival, byName = true): number {
  if (a.facts.to !== b.facts.to) return a.facts.to < b.facts.to ? -1 : 1;
  const [bulkA, bulkB] = [a, b].map(({ facts }) => facts.kind === "bulk");
  if (bulkA !== bulkB) return bulkA ? -1 : 1;
  return byName ? (a.name < b.name ? -1 : 1) : 0;
}

/** Two of one moment and kind: a copy would be no loss, and half of a night would be. */
function twinWords(one: DatedArrival, other: DatedArrival): string {
  return `${one.name} and ${other.name} are both of ${plainMoment(one.facts.to)}, so neither is taken: where one repeats or replaces the other, move that away; where each holds a part, put the files of both into one folder`;
}

/** Names those of which nothing can be told: the missing one may be among them. */
function unreadWords(arrivals: readonly Arrival[]): string {
  return arrivals.map(({ name, facts }) => ("unread" in facts ? `. Of ${name} nothing is known: ${facts.unread}` : "")).join(""); // prettier-ignore
}

function stopWords(
  { name, facts: { to } }: DatedArrival,
  last: string | null,
  missing: Gap | null,
  byHand: string,
): string {
  const goOn = `for a new bulk of all records and take it in with ${byHand} PATH: from its day on this goes on by itself`;
  if (last === null || missing === null)
    return `${name} holds only what changed, and there is nothing here yet that it could change: put a bulk of all records beside it; or ask ${goOn}`;
  return `${gapWords(missing)}: the last that was taken is complete to ${isoDate(lastWholeDay(last))}, and the next here is ${name} (complete to ${isoDate(lastWholeDay(to))}). Put what is missing beside it; or ask the supplier ${goOn}`;
}

const MOST_NAMED = 5;
const UNDATED =
  'it does not say of which day it is: write a manifest.json beside its tables with "covers_to"';

/** Where nothing with a day is there: what has none is named once it rests. */
function undatedStep(arrivals: readonly Arrival[]): Step {
  const undated = arrivals.filter((arrival) => !isDated(arrival));
  const written = undated.find(({ atRest }) => !atRest);
  if (written !== undefined) return { do: "wait", words: `${written.name} is still being written` };
  if (undated.length === 0) return { do: "wait", words: null };
  const shown = undated.slice(0, MOST_NAMED).map(({ name, facts }) => `${name}: ${"unread" in facts ? facts.unread : UNDATED}`); // prettier-ignore
  const more = undated.length - shown.length;
  return { do: "stop", words: `${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}` };
}
