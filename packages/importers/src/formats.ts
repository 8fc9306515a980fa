/** The names of the formats, apart from their readers: a command line lists them without loading every reader. */
export const FORMATS = ["journal", "fhir", "synthea-csv", "omop", "aurum", "emis", "systmone"] as const;
export type Format = (typeof FORMATS)[number];
