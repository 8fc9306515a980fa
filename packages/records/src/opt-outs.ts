/** The opt-out codes that come with Cairn. A hub that publishes others does not change who is left out. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CairnError } from "@cairn/errors";
import type { OptOutChoice } from "@cairn/tables";
import { LIBRARY_LOCATION } from "@cairn/library";
import { type CodeSystem, openOptOuts, OPT_OUT_LISTS, type OptOutCodes } from "@cairn/query-library";

/** Unreadable opt-out codes, or records without the practice's list of people left out: no query is answered. */
export class OptOutError extends CairnError<"opt-outs-unreadable" | "left-out-list-missing"> {
  readonly kind = "unavailable";
}

let known: OptOutCodes | null = null;

/** Reads the opt-out codes, once. @throws OptOutError where this installation lacks them. */
export function optOutCodes(): OptOutCodes {
  return (known ??= readCodes());
}

let optOuts: ReadonlySet<string> | null = null;

/** Whether a person whose records have the code opted out. @throws OptOutError */
export function isOptOut(system: CodeSystem, code: string): boolean {
  optOuts ??= new Set(
    optOutCodes().optedOut.flatMap((list) => list.codes.map((each) => `${list.system} ${each}`)),
  );
  return optOuts.has(`${system} ${code}`);
}

/** Leaves out people with a type 1 opt-out in their record: for everything that leaves this practice. @throws OptOutError */
export function withoutOptOuts(): OptOutChoice {
  return { optOuts: "left-out", codes: optOutCodes() };
}

/**
 * Throws where the records hold another list of people left out than the practice gave last.
 * @param held the name of the list that the records hold, null for none
 * @param list the name of that which was given last, null for none
 * @throws OptOutError
 */
export function requireLeftOutList(held: string | null, list: string | null): void {
  if (held === list) return;
  throw new OptOutError("left-out-list-missing", LEFT_OUT_LIST_MISSING);
}

/** The words for records without the list that the practice gave last. */
export const LEFT_OUT_LIST_MISSING =
  "The records do not hold the list of people to leave out that was given last, so nothing is answered: give it again (cairn agent left-out --file FILE)";

function readCodes(): OptOutCodes {
  try {
    const paths = OPT_OUT_LISTS.flatMap((ref) => [
      `codelists/opt-outs/${ref}.csv`,
      `codelists/opt-outs/${ref}.yaml`,
    ]);
    const read = (path: string): string =>
      readFileSync(fileURLToPath(new URL(path, LIBRARY_LOCATION)), "utf8");
    return openOptOuts(Object.fromEntries(paths.map((path) => [path, read(path)])));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "unforeseen";
    throw new OptOutError(
      "opt-outs-unreadable",
      `the codes by which people opt out cannot be read (${why}), so nothing is answered: install Cairn again`,
      { cause },
    );
  }
}
