/**
 * EMIS Web: the extract that a practice in England receives, first in bulk and then a delta each night. Rows are
 * applied in the order of their ProcessingId, whatever the order of the files; what a delta leaves out is joined from
 * the store.
 */
import { isoDate } from "@cairn/query-library";
import { ethnicCodes } from "../code-lists.js";
import { ImportError } from "../errors.js";
import type { Extract, ExtractFacts, Importer, Intake } from "../importer.js";
import { describeByManifest, findCoversTo } from "../manifest.js";
import { lastWholeDay } from "../moments.js";
import type { SourceFile } from "../source-file.js";
import { Codes } from "./codes.js";
import { EVENT_TABLES } from "./event-tables.js";
import { readEvents } from "./events.js";
import { nameOf, type Table, TABLES } from "./names.js";
import { OrganisationChoice } from "./organisation.js";
import { Patients } from "./patients.js";
import { type Change, readHistory } from "./registrations.js";

export const emis: Importer = {
  format: "emis",
  standardInput: null,
  everyTable: TABLES,
  nightly: true,
  kindUnsaid: true,
  knows: (file) => nameOf(file) !== null,
  describe,
  describeEach,
  ethnicCodes,
  async read(intake) {
    const files = sorted(intake);
    intake.load.keepOrder();
    if (intake.load.lacksMarks()) intake.note(LACKS_MARKS);
    requireTables(intake, files);
    const organisations = new OrganisationChoice();
    for (const file of files.Admin_Organisation) await organisations.readOrganisations(intake, file);
    for (const file of files.Agreements_SharingOrganisation) await organisations.readAgreements(intake, file);
    const patients = new Patients(intake);
    for (const file of files.Admin_Patient) await patients.read(file, organisations);
    const organisation = organisations.chosen(intake, shown(files.Admin_Patient));
    const history = new Map<string, Change[]>();
    for (const file of files.Admin_PatientHistory) await readHistory(intake, file, organisation, history);
    patients.apply(organisation, history);
    const codes = new Codes(intake);
    for (const file of files.Coding_ClinicalCode) await codes.readClinical(file);
    for (const file of files.Coding_DrugCode) await codes.readDrugs(file);
    const context = { codes, patients, organisation };
    for (const of of EVENT_TABLES)
      for (const file of files[of.table]) await readEvents(intake, file, of, context);
    codes.finish();
    return { coversTo: await findCoversTo(intake) };
  },
};

const LACKS_MARKS =
  "these records came in with a version of Cairn that did not keep who is marked as sensitive or confidential, nor the numbers that people are found by, and a night tells these of few: take a bulk extract in once with cairn agent import BULK --format emis --whole; until then whoever is marked is not left out of what leaves";

/** The names of the files say when they were taken from the system. */
async function describe(extract: Extract): Promise<ExtractFacts> {
  const facts = await describeByManifest(extract);
  const names = extract.files.map(nameOf).filter((name) => name !== null);
  const moments = names.map(({ taken }) => taken).sort(); // prettier-ignore
  const [oldest, newest] = [moments[0], moments.at(-1)];
  const areSeveral = oldest !== undefined && oldest.slice(0, 10) !== newest!.slice(0, 10);
  return {
    ...facts,
    kind: facts.kind ?? (names.some(({ isBulk }) => isBulk) ? "bulk" : null),
    from: facts.from ?? (areSeveral ? isoDate(lastWholeDay(oldest)) : null), // several nights, given at once
    to: facts.to ?? newest ?? null,
  };
}

/** Several nights can be given at once, all of whose files lie together: the names of each night's say its day. */
async function describeEach(extract: Extract): Promise<readonly ExtractFacts[]> {
  const whole = await describe(extract);
  if ((await describeByManifest(extract)).to !== null) return [whole];
  const nights = new Map<number, ExtractFacts>();
  const names = extract.files.map(nameOf).filter((name) => name !== null);
  for (const { taken, isBulk } of names.sort((a, b) => (a.taken < b.taken ? -1 : 1))) {
    const day = lastWholeDay(taken);
    const kind = isBulk ? "bulk" : (nights.get(day)?.kind ?? null);
    nights.set(day, { ...whole, kind, from: null, to: taken });
  }
  return [...nights.values()];
}

/** The files of each table, in the order in which they were taken from the system. */
function sorted(intake: Intake): Record<Table, SourceFile[]> {
  const files = Object.fromEntries(TABLES.map((table) => [table, []])) as unknown as Record<
    Table,
    SourceFile[]
  >;
  const named = intake.files.map((file) => ({ file, name: nameOf(file) }));
  named.sort((a, b) => ((a.name?.taken ?? "") < (b.name?.taken ?? "") ? -1 : 1));
  for (const { file, name } of named) {
    if (name !== null && name.table !== null) files[name.table].push(file);
    else if (name === null && file.name !== "manifest.json")
      intake.note(`${file.shown} is not part of an EMIS Web extract and was not read`);
  }
  return files;
}

const CODES_OF: Readonly<Record<string, Table>> = {
  CareRecord_Observation: "Coding_ClinicalCode",
  CareRecord_Consultation: "Coding_ClinicalCode",
  Prescribing_IssueRecord: "Coding_DrugCode",
};

/** Checks that tables are there without which nothing can be told, and notes those whose absence leaves a gap. */
function requireTables(intake: Intake, files: Readonly<Record<Table, readonly SourceFile[]>>): void {
  const lacks = (table: Table): boolean => files[table].length === 0;
  const isFirst = intake.load.people.isEmpty();
  if (isFirst && lacks("Admin_Patient"))
    throw new ImportError(
      "no-files",
      "no Admin_Patient file (..._Admin_Patient_20250331021500_....csv) there; name the folder of the bulk extract",
    );
  for (const { table } of EVENT_TABLES) {
    const codes = CODES_OF[table]!;
    if (isFirst && !lacks(table) && lacks(codes))
      throw new ImportError("no-files", `no ${codes} file there, without which nothing in ${table} has a code; name the folder of the bulk extract with all of its files`); // prettier-ignore
    if (isFirst && lacks(table)) intake.note(`the extract has no ${table}: these records say nothing of what it holds`); // prettier-ignore
  }
  if (!lacks("Admin_Patient") && lacks("Admin_PatientHistory"))
    intake.note(
      "the extract has no Admin_PatientHistory: of each person only the present registration is known, as their newest row says it",
    );
}

function shown(files: readonly SourceFile[]): string {
  return files.map((file) => file.shown).join(", ") || "the extract";
}
