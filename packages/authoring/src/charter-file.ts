/** Reads a charter's file with the presets that ship. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { charterDraft, parseCharter, PRESETS_LOCATION, type Charter } from "@cairn/charters";
import { LIBRARY_LOCATION } from "@cairn/library";
import { problemLine, type Problem } from "@cairn/query-library";
import { queryFiles, QueryFileError, readText } from "./query-file.js";

export interface CheckedCharter {
  readonly file: string;
  readonly charter: Charter | null; // null where it does not check
  readonly problems: readonly Problem[];
}

/** Checks one charter against the queries of a library, the one that ships where none is named. @throws QueryFileError unreadable */
export function checkCharter(file: string, library = fileURLToPath(LIBRARY_LOCATION)): CheckedCharter {
  const names = queryFiles(library).map((path) => basename(path, extname(path)));
  return parsed(file, names);
}

function parsed(file: string, library?: readonly string[]): CheckedCharter {
  const options = { file, presets: shippedPresets(), ...(library && { library }) };
  const read = parseCharter(readText(file, "a charter's file"), options);
  if ("charter" in read) return { file, charter: read.charter, problems: [] };
  return { file, charter: null, problems: read.problems };
}

/** Reads a charter that checks, whatever the queries of the library. @throws QueryFileError */
export function loadCharter(file: string): Charter {
  const { charter, problems } = parsed(file);
  if (charter !== null) return charter;
  const more =
    problems.length > 1 ? ` (and ${problems.length - 1} more: \`cairn charter check ${file}\`)` : "";
  throw new QueryFileError("does-not-check", `${problemLine(problems[0]!)}${more}`);
}

/** The text of a charter to fill in. @throws QueryFileError unreadable, where there is no such preset */
export function newCharter(group: string, preset: string): string {
  const presets = shippedPresets();
  const text = Object.hasOwn(presets, preset) ? presets[preset] : undefined;
  if (text !== undefined) return charterDraft(group, preset, text);
  const names = Object.keys(presets).join(", ");
  throw new QueryFileError(
    "unreadable",
    `there is no preset called ${JSON.stringify(preset)}: there are ${names}`,
  );
}

/** YAML by name. */
function shippedPresets(): Record<string, string> {
  const folder = new URL(PRESETS_LOCATION);
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return Object.fromEntries(
    files.map((name) => [basename(name, ".yaml"), readFileSync(new URL(name, folder), "utf8")]),
  );
}
