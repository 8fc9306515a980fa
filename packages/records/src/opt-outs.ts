/** The opt-out codes that come with Cairn. A hub that publishes others does not change who is left out. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CairnError } from "@cairn/errors";
import type { OptOutChoice } from "@cairn/tables";
import { LIBRARY_LOCATION } from "@cairn/library";
import { type CodeSystem, openOptOuts, OPT_OUT_LISTS, type OptOutCodes } from "@cairn/query-library";

/** The opt-out codes are missing or broken: no query is answered then. */
export class OptOutCodesError extends CairnError<"opt-outs-unreadable"> {
  readonly kind = "unavailable";
}

let known: OptOutCodes | null = null;

/** Reads the opt-out codes, once. @throws OptOutCodesError where this installation lacks them. */
export function optOutCodes(): OptOutCodes {
  return (known ??= readCodes());
}

let optOuts: ReadonlySet<string> | null = null;

/** Whether a person whose records have the code opted out. @throws OptOutCodesError */
export function isOptOut(system: CodeSystem, code: string): boolean {
  optOuts ??= new Set(
    optOutCodes().optedOut.flatMap((list) => list.codes.map((each) => `${list.system} ${each}`)),
  );
  return optOuts.has(`${system} ${code}`);
}

/** Leaves out people who opted out: for everything that leaves this practice. @throws OptOutCodesError */
export function withoutOptOuts(): OptOutChoice {
  return { optOuts: "left-out", codes: optOutCodes() };
}

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
    throw new OptOutCodesError(
      "opt-outs-unreadable",
      `the codes by which people opt out cannot be read (${why}), so nothing is answered: install Cairn again`,
      { cause },
    );
  }
}
