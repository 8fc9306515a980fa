/** Picks the code of a CodeableConcept: SNOMED CT where it is there, else the first of a known system. */
import type { CodeSystem } from "@cairn/query-library";
import { EXACT, systemOfUri } from "../code-systems.js";
import { exactTextAt, type Json, listAt, objectAt, textAt } from "./json.js";

export interface RecordedCode {
  readonly system: CodeSystem;
  readonly code: string;
  /** The record's name of the system, where it is unknown. */
  readonly unknown?: string;
}

/** An event that has no code: it can be counted, not read. */
export const UNCODED: RecordedCode = { system: "local", code: "" };
const LONGEST_CODE = 64;

/** Systems whose codes state why there is none. */
const NO_CODES = /\/(v3[/-]NullFlavor|data-absent-reason)$/i;

export function codeOf(concept: Json | null): RecordedCode {
  let best: RecordedCode = UNCODED;
  for (const coding of listAt(concept, "coding")) {
    const written = exactTextAt(coding, "code") ?? "";
    const address = textAt(coding, "system") ?? "";
    const system = systemOfUri(address);
    const code = EXACT.has(system) ? written : written.trim();
    if (code === "" || code.length > LONGEST_CODE) continue;
    if (system === "snomed" || system === "dmd") return { system, code };
    if (system === "local" && NO_CODES.test(address)) continue;
    if (best.code === "" || (best.system === "local" && system !== "local"))
      best = system === "local" ? { system, code, unknown: address } : { system, code };
  }
  return best;
}

/**
 * Address of the extension with the procedure: `.../Extension-CareConnect-VaccinationProcedure-1` in GP Connect,
 * `.../Extension-UKCore-VaccinationProcedure` in UK Core.
 */
const PROCEDURE = /-VaccinationProcedure(-\d+)?$/;

/** The code of a vaccination: its procedure, as UK records code it and UK codelists ask, else the vaccine. */
export function vaccinationOf(immunization: Json): RecordedCode {
  for (const extension of listAt(immunization, "extension")) {
    if (!PROCEDURE.test(textAt(extension, "url") ?? "")) continue;
    const procedure = codeOf(objectAt(extension, "valueCodeableConcept"));
    if (procedure.code !== "") return procedure;
  }
  return codeOf(objectAt(immunization, "vaccineCode"));
}
