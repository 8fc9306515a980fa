/** Which formats there are, apart from what reads them: a command line names them without loading every reader. */
export const FORMATS = ["journal", "fhir", "synthea-csv", "omop", "aurum"] as const;
export type Format = (typeof FORMATS)[number];
