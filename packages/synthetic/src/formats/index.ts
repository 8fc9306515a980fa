/** The formats that records can be written in. */
import { openAurum } from "./aurum.js";
import { openFhir } from "./fhir.js";
import { bulkOf } from "./bulk.js";
import { openEmis } from "./emis.js";
import type { OpenFormat, OpenNight } from "./format.js";
import { openJournal } from "./journal.js";
import { openOmop } from "./omop.js";
import { openSystmOne } from "./systmone.js";
import { openSyntheaCsv } from "./synthea-csv.js";

export const FORMATS = {
  journal: openJournal,
  fhir: openFhir,
  "synthea-csv": openSyntheaCsv,
  omop: openOmop,
  aurum: openAurum,
  emis: bulkOf(openEmis),
  systmone: bulkOf(openSystmOne),
} as const satisfies Record<string, OpenFormat>;
export type FormatName = keyof typeof FORMATS;

/** The formats that have deltas. */
export const NIGHTLY: Readonly<Partial<Record<FormatName, OpenNight>>> = {
  emis: openEmis,
  systmone: openSystmOne,
};
