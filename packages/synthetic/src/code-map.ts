/** The code map of the old codes of invented records, for use with an import. */
import { CODES, concepts } from "./concepts.js";

/** CSV with the columns `from_system,from_code,to_code,assured`; each old code once. */
export function codeMap(): string {
  const rows = new Map<string, string>();
  for (const concept of concepts()) {
    const to = CODES[concept.current[0] ?? -1];
    for (const index of [...concept.read2, ...concept.ctv3]) {
      const from = CODES[index];
      if (!from || !to || rows.has(`${from.system},${from.code}`)) continue;
      rows.set(`${from.system},${from.code}`, `${from.system},${from.code},${to.code},1`);
    }
  }
  return ["from_system,from_code,to_code,assured", ...rows.values(), ""].join("\n");
}
