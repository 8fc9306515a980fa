/** Code systems by the addresses, OIDs and names that FHIR, and Synthea's tables after it, give them. */
import type { CodeSystem } from "@cairn/query-library";

/** Code systems by the plain spelling of each name: see `plainly`. */
const NAMES: ReadonlyMap<string, CodeSystem> = new Map(
  Object.entries({
    snomed: ["snomed.info/sct", "2.16.840.1.113883.6.96", "2.16.840.1.113883.2.1.3.2.4.15", "snomedct", "snomed"],
    dmd: ["dmd.nhs.uk", "dmd.nhs.uk/vtm", "dmd.nhs.uk/vmp", "dmd.nhs.uk/amp", "dmd.nhs.uk/vmpp", "dmd.nhs.uk/ampp", "dm+d", "dmd"],
    read2: ["read.info/readv2", "read.info/v2", "read.info/ctv2", "2.16.840.1.113883.2.1.6.2", "readv2", "read2"],
    ctv3: ["read.info/ctv3", "read.info/readctv3", "read.info/readv3", "read.info/v3", "2.16.840.1.113883.2.1.3.2.4.14", "ctv3", "readctv3", "readv3", "read3"],
    loinc: ["loinc.org", "2.16.840.1.113883.6.1", "loinc"],
    icd10: ["hl7.org/fhir/sid/icd-10", "hl7.org/fhir/sid/icd-10-cm", "hl7.org/fhir/sid/icd-10-uk", "fhir.hl7.org.uk/id/icd-10-uk",
      "2.16.840.1.113883.6.3", "2.16.840.1.113883.6.90", "icd10", "icd10cm"],
    rxnorm: ["nlm.nih.gov/research/umls/rxnorm", "2.16.840.1.113883.6.88", "rxnorm"],
    atc: ["whocc.no/atc", "2.16.840.1.113883.6.73", "atc"],
    cvx: ["hl7.org/fhir/sid/cvx", "2.16.840.1.113883.12.292", "cvx"],
  } satisfies Partial<Record<CodeSystem, string[]>>).flatMap(([system, names]) =>
    names.map((name) => [name, system as CodeSystem] as const),
  ),
); // prettier-ignore

const known = new Map<string, CodeSystem>();
const MOST_KNOWN = 1000;

/** The code system of an address, OID or name as written; "local" where it is unknown. */
export function systemOfUri(address: string): CodeSystem {
  const before = known.get(address);
  if (before !== undefined) return before;
  const system = NAMES.get(plainly(address)) ?? "local";
  if (known.size < MOST_KNOWN) known.set(address, system);
  return system;
}

/**
 * A name without what does not distinguish systems: letter case, `http` or `https`, `www`, `urn:oid:`, a slash at the
 * end, a version (`|...`, and behind the address of SNOMED CT its edition and date), spaces and hyphens in a bare
 * name.
 */
function plainly(address: string): string {
  const name = address.trim().toLowerCase().replace(/[|?].*$/, "").replace(/[/#]+$/, ""); // prettier-ignore
  if (/^https?:\/\//.test(name)) {
    const place = name.replace(/^https?:\/\/(www\.)?/, "");
    return place.replace(/^(snomed\.info\/sct)\/\d+(\/version\/\d+)?$/, "$1");
  }
  if (/^(urn:oid:)?[012](\.\d+)+$/.test(name)) return name.replace("urn:oid:", "");
  return name.includes(":") || name.includes("/") ? "" : name.replace(/[\s_-]/g, "");
}

/** The doubt about a code of an unknown system, with the record's name for it. */
export function unknownSystem(address: string): string {
  if (address === "") return "its code names no code system; kept as a local code";
  const shown = shownSystem(address);
  return shown === null
    ? "its code system has an odd name and is not known here; kept as a local code"
    : `its code system ${shown} is not known here; kept as a local code`;
}

/** A system's name for a report, or null where it is so odd that it might be a word of a record. */
function shownSystem(address: string): string | null {
  return address.length <= 200 && /^(https?:\/\/[\w.-]+(\/[\w.~+/-]*)?|(urn:oid:)?[012](\.\d+)+|urn:[\w.:-]+)$/i.test(address)
    ? address
    : null; // prettier-ignore
}

/** Systems whose codes may contain spaces that count. */
export const EXACT: ReadonlySet<CodeSystem> = new Set(["read2", "ctv3", "local"]);
