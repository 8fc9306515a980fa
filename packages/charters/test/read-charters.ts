import { readdirSync, readFileSync } from "node:fs";
import { parseCharter, PRESETS_LOCATION, type Charter, type ParsedCharter } from "@cairn/charters";

/** @param location URL of a folder of YAML files. @returns their texts by name, without the ending */
function textsIn(location: string | URL): Record<string, string> {
  const folder = new URL(location);
  const names = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  return Object.fromEntries(
    names.map((file) => [file.slice(0, -".yaml".length), readFileSync(new URL(file, folder), "utf8")]),
  );
}

export const presets = textsIn(PRESETS_LOCATION);

/** The charters of `examples/charters`: YAML by name. */
export const EXAMPLES = textsIn(new URL("../../../examples/charters/", import.meta.url));

export function parse(text: string): ParsedCharter {
  return parseCharter(text, { file: "c.yaml", presets });
}

/** @throws Error where a text is no charter */
export function charterIn(text: string): Charter {
  const parsed = parse(text);
  if ("charter" in parsed) return parsed.charter;
  throw new Error(parsed.problems.map(({ line, words }) => `${line}: ${words}`).join("\n"));
}

/** What every charter must say for itself, whatever its preset. 7 lines. */
export const OWN = `charter: glen
extends: scottish-cluster
purpose: To learn.
controller: Each practice.
lawful_basis: Article 6(1)(e).
keep_for: 5 years
review: 2027-03-31
`;
