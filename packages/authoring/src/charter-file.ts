/** Reads a charter's file with the presets that ship. */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseCharter, PRESETS_LOCATION, type Charter } from "@cairn/charters";
import { problemLine, type Problem } from "@cairn/query-library";
import { QueryFileError, readText } from "./query-file.js";

export interface CheckedCharter {
  readonly file: string;
  readonly charter: Charter | null; // null where it does not check
  readonly problems: readonly Problem[];
}

/** Checks one charter. @throws QueryFileError unreadable */
export function checkCharter(file: string): CheckedCharter {
  const parsed = parseCharter(readText(file, "a charter's file"), { file, presets: shippedPresets() });
  if ("charter" in parsed) return { file, charter: parsed.charter, problems: [] };
  return { file, charter: null, problems: parsed.problems };
}

/** Reads a charter that checks. @throws QueryFileError */
export function loadCharter(file: string): Charter {
  const { charter, problems } = checkCharter(file);
  if (charter !== null) return charter;
  const more =
    problems.length > 1 ? ` (and ${problems.length - 1} more: \`cairn charter check ${file}\`)` : "";
  throw new QueryFileError("does-not-check", `${problemLine(problems[0]!)}${more}`);
}

/** YAML by name. */
function shippedPresets(): Record<string, string> {
  const folder = new URL(PRESETS_LOCATION);
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return Object.fromEntries(
    files.map((name) => [basename(name, ".yaml"), readFileSync(new URL(name, folder), "utf8")]),
  );
}
