/** Which code of a CodeableConcept is taken: SNOMED CT where it is there, else the first of a system we know. */
import type { CodeSystem } from "@cairn/query-library";
import { systemOfUri } from "../code-systems.js";
import { type Json, listAt, textAt } from "./json.js";

export interface RecordedCode {
  readonly system: CodeSystem;
  readonly code: string;
}

/** An event that has no code: it can be counted, not read. */
export const UNCODED: RecordedCode = { system: "local", code: "" };
const LONGEST_CODE = 64;

export function codeOf(concept: Json | null): RecordedCode {
  let best: RecordedCode = UNCODED;
  for (const coding of listAt(concept, "coding")) {
    const code = textAt(coding, "code");
    if (code === null || code.length > LONGEST_CODE) continue;
    const system = systemOfUri(textAt(coding, "system") ?? "");
    if (system === "snomed" || system === "dmd") return { system, code };
    if (best.code === "" || (best.system === "local" && system !== "local")) best = { system, code };
  }
  return best;
}
