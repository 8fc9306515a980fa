/**
 * CPRD Aurum: tab-separated files in many numbered parts, latin1, dates as dd/mm/yyyy. Its own codes (medcodeid,
 * prodcodeid) become SNOMED CT, dm+d or Read codes through the dictionaries that CPRD gives out with an extract.
 */
import { ImportError } from "../errors.js";
import type { SourceFile } from "../source-file.js";
import type { Importer, Intake } from "../importer.js";
import { findCoversTo } from "../manifest.js";
import { Dictionaries } from "./dictionaries.js";
import { EVENT_TABLES, readEvents } from "./events.js";
import { readPatients } from "./patients.js";
import { readPractices } from "./practices.js";

const KINDS = {
  patient: /(^|_)patient[_\d]*\.txt$/,
  practice: /(^|_)practice[_\d]*\.txt$/,
  observation: /(^|_)observation[_\d]*\.txt$/,
  drugissue: /(^|_)drugissue[_\d]*\.txt$/,
  consultation: /(^|_)consultation[_\d]*\.txt$/,
  medical: /medical_?dictionary.*\.txt$/,
  product: /product_?dictionary.*\.txt$/,
  unit: /(^|_)numunit.*\.txt$/,
} as const;
type Kind = keyof typeof KINDS;

const LATER_BUILD =
  "CPRD gives out whole builds: what the build before held and this one does not stays here, unless --whole is said";

export const aurum: Importer = {
  format: "aurum",
  standardInput: null,
  knows: (file) => kindOf(file) !== undefined,
  async read(intake) {
    const files = sorted(intake);
    if (files.patient.length === 0 && intake.load.people.isEmpty()) {
      throw new ImportError(
        "no-files",
        "no Patient file (..._patient_001.txt) there; name the folder of the extract",
      );
    }
    if (!intake.load.whole && !intake.load.people.isEmpty()) intake.note(LATER_BUILD);
    const dictionaries = new Dictionaries();
    for (const kind of ["medical", "product", "unit"] as const) {
      for (const file of files[kind]) await dictionaries.read(intake, file, kind);
    }
    const leftOut = await readPatients(intake, files.patient);
    for (const table of EVENT_TABLES) {
      for (const file of files[table.name]) await readEvents(intake, file, table, dictionaries, leftOut);
    }
    dictionaries.say(intake);
    const collected = await readPractices(intake, files.practice);
    return { coversTo: (await findCoversTo(intake)) ?? collected };
  },
};

function kindOf(file: SourceFile): Kind | undefined {
  return (Object.keys(KINDS) as Kind[]).find((each) => KINDS[each].test(file.name));
}

function sorted(intake: Intake): Record<Kind, SourceFile[]> {
  const kinds = Object.keys(KINDS) as Kind[];
  const files = Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Record<Kind, SourceFile[]>;
  for (const file of intake.files) {
    const kind = kindOf(file);
    if (kind) files[kind].push(file);
    else if (file.name !== "manifest.json")
      intake.note(`${file.shown} holds nothing that a question asks about and was not read`);
  }
  return files;
}
