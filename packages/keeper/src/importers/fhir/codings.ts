/** Which code of a CodeableConcept is taken: SNOMED CT where it is there, else the first of a system we know. */
import type { CodeSystem } from "@cairn/query-library";
import { type Json, listAt, textAt } from "./json.js";

const SYSTEMS: Readonly<Record<string, CodeSystem>> = {
  "http://snomed.info/sct": "snomed",
  "https://snomed.info/sct": "snomed",
  "https://dmd.nhs.uk": "dmd",
  "http://read.info/readv2": "read2",
  "http://read.info/ctv3": "ctv3",
  "http://loinc.org": "loinc",
  "http://hl7.org/fhir/sid/icd-10": "icd10",
  "http://hl7.org/fhir/sid/icd-10-cm": "icd10",
  "http://hl7.org/fhir/sid/icd-10-uk": "icd10",
  "https://fhir.hl7.org.uk/Id/icd-10-uk": "icd10",
  "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
  "http://www.whocc.no/atc": "atc",
  "http://hl7.org/fhir/sid/cvx": "cvx",
};

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
    const system = SYSTEMS[textAt(coding, "system") ?? ""] ?? "local";
    if (system === "snomed" || system === "dmd") return { system, code };
    if (best.code === "" || (best.system === "local" && system !== "local")) best = { system, code };
  }
  return best;
}
