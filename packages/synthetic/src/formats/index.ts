/** The formats that records can be written in. */
import { openAurum } from "./aurum.js";
import { openFhir } from "./fhir.js";
import type { OpenFormat } from "./format.js";
import { openJournal } from "./journal.js";
import { openOmop } from "./omop.js";
import { openSyntheaCsv } from "./synthea-csv.js";

export const FORMATS = {
  journal: openJournal,
  fhir: openFhir,
  "synthea-csv": openSyntheaCsv,
  omop: openOmop,
  aurum: openAurum,
} as const satisfies Record<string, OpenFormat>;
export type FormatName = keyof typeof FORMATS;
