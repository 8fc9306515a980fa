/** Code systems by the addresses that FHIR, and Synthea's tables after it, give them. */
import type { CodeSystem } from "@cairn/query-library";

const ADDRESSES = new Map<string, CodeSystem>(
  Object.entries({
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
  }),
);

/** "local" where the address is none that is known. */
export function systemOfUri(address: string): CodeSystem {
  return ADDRESSES.get(address) ?? "local";
}
