/**
 * A SystmOne strategic reporting extract as a practice receives it, version 93: every field quoted, `-1` for none, dates
 * written out. Ethnic groups are coded entries; deprivation is a postcode. Old codes stand as CTV3, and contacts in the four ways that SREvent tells apart.
 */
import { join } from "node:path";
import { TextFile } from "../bytes.js";
import { CODES, concept } from "../concepts.js";
import type { Code } from "../concepts.js";
import { textOf } from "../days.js";
import type { Events } from "../events.js";
import type { Person } from "../population/person.js";
import { postcodeOf } from "../postcodes.js";
import type { Change, Entry, Night, NightWriter, OpenNight, PracticeContext } from "./format.js";
import { SYSTMONE_COLUMNS } from "./systmone-columns.js";
import { dayTexts, readingOf } from "./tables.js";

export const openSystmOne: OpenNight = (out, gzip, told, night) => new SystmOne(out, gzip, told, night);

type TableName = keyof typeof SYSTMONE_COLUMNS;
const TABLES = Object.keys(SYSTMONE_COLUMNS) as TableName[];
const COLUMNS = Object.fromEntries(
  TABLES.map((table) => [table, SYSTMONE_COLUMNS[table].split(" ")]),
) as unknown as Readonly<Record<TableName, readonly string[]>>;

const SEXES = { female: "F", male: "M", other: "I", unknown: "U" } as const;
/** SNOMED CT's ethnic categories of the census of 2001 that stand for the five groups. */
const ETHNIC_SNOMED = { white: "92571000000102", mixed: "92591000000103", asian: "110751000000108", black: "92491000000104", other: "94151000000105" } as const; // prettier-ignore
const OPTIONS = { faceToFace: 1001, telephone: 1002, online: 1003, surgery: 2001, home: 2002 } as const;
const OPTION_WORDS = { faceToFace: "Face to face", telephone: "Telephone", online: "Online consultation", surgery: "GP Surgery", home: "Patient's home" } as const; // prettier-ignore
/** From here on SystmOne gives a CTV3 code beside each SNOMED CT one. */
const BOTH_SINCE = "2018-04-01";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
function spelt(day: number): string {
  const [year, month, date] = textOf(day).split("-");
  return `${date} ${MONTHS[Number(month) - 1]} ${year} 00:00:00`;
}

type Fields = Readonly<Record<string, string | number>>;

class SystmOne implements NightWriter {
  private readonly files: Readonly<Partial<Record<TableName, TextFile>>>;
  private readonly others: TextFile[] = [];
  private readonly told: PracticeContext;
  private readonly days: readonly string[];
  private readonly organisation: string;

  constructor(out: string, gzip: boolean, told: PracticeContext, night: Night) {
    this.told = told;
    this.days = dayTexts(told.span, spelt);
    this.organisation = told.profile.code;
    const tables = TABLES.filter((table) => table !== "SRConfiguredListOption" || night.number === 0);
    this.files = Object.fromEntries(
      tables.map((table) => [table, new TextFile(join(out, `${table}.csv`), gzip)]),
    );
    for (const table of tables) this.files[table]?.text(`"${COLUMNS[table].join('","')}"\r\n`);
    if (night.number === 0)
      for (const [option, id] of Object.entries(OPTIONS))
        this.row("SRConfiguredListOption", {
          RowIdentifier: id,
          ConfiguredList: id < 2000 ? 1 : 2,
          ConfiguredListOption: OPTION_WORDS[option as keyof typeof OPTIONS],
        });
    this.writeManifest(out, gzip, night, tables);
  }

  async write({ person, own, put, gone }: Change, events: Events): Promise<void> {
    if (own === "gone") this.row("SRPatient", { RowIdentifier: numberOf(person.id), RemovedData: 1 });
    if (own === "put") this.writePerson(person);
    for (const entry of put) this.writeEntry(person, entry, events);
    for (const { id, at } of gone) {
      const code = CODES[events.code[at] ?? 0];
      if (code !== undefined) this.row(tableOf(code), { RowIdentifier: numberOf(id), RemovedData: 1 });
    }
    for (const table of TABLES) await this.files[table]?.breathe();
  }

  async close(): Promise<void> {
    for (const file of [...Object.values(this.files), ...this.others]) await file.close();
  }

  private row(table: TableName, fields: Fields): void {
    const all: Fields = { IDOrganisationVisibleTo: this.organisation, RemovedData: 0, ...fields };
    const values = COLUMNS[table].map((name) => all[name] ?? (name.startsWith("ID") ? -1 : ""));
    this.files[table]?.text(`"${values.join('","')}"\r\n`);
  }

  private writeManifest(
    out: string,
    gzip: boolean,
    { number, until }: Night,
    tables: readonly string[],
  ): void {
    const file = new TextFile(join(out, "SRManifest.csv"), gzip);
    this.others.push(file);
    const moment = (day: number): string => `${textOf(day).replaceAll("-", "")}_2359`;
    file.text('"FileName","IsDelta","IsReference","DateExtractFrom","DateExtractTo"\r\n');
    const [delta, from] = number === 0 ? ["N", ""] : ["Y", moment(until - 1)];
    for (const table of tables) file.text(`"${table}","${delta}","N","${from}","${moment(until)}"\r\n`);
  }

  private writePerson(person: Person): void {
    const id = numberOf(person.id);
    const born = person.birthKnownTo === "day" ? person.birth : firstOfMonth(person.birth);
    this.row("SRPatient", {
      RowIdentifier: id,
      DateBirth: spelt(born),
      DateDeath: person.death === null ? "" : spelt(person.death),
      Gender: SEXES[person.sex],
      TestPatient: "false",
    });
    for (const { start, end } of person.registrations)
      this.row("SRPatientRegistration", {
        RowIdentifier: numberOf(`${person.id}-registration-${start}`),
        DateRegistration: spelt(start),
        DateDeRegistration: end === null ? "" : spelt(end),
        RegistrationStatus: "GMS",
        IDPatient: id,
        IDOrganisation: this.organisation,
      });
    this.row("SRPatientAddressHistory", {
      RowIdentifier: numberOf(`${person.id}-address`),
      DateEvent: this.days[0] ?? "",
      FullPostCode: postcodeOf(person),
      AddressType: "Home",
      IDPatient: id,
    });
    if (person.ethnicGroup === null) return;
    const { from } = this.told.span;
    const joined = Math.max(person.registrations[0]?.start ?? from, from);
    const entry = { id: `${person.id}-ethnic`, day: this.days[joined - from] ?? "", doneBy: "-1" };
    this.writeCode(person, entry, "", ETHNIC_SNOMED[person.ethnicGroup], {});
  }

  private writeEntry(person: Person, { id, at }: Entry, events: Events): void {
    const code = CODES[events.code[at] ?? 0];
    if (code === undefined) return;
    const day = this.days[(events.day[at] ?? 0) - this.told.span.from] ?? "";
    const position = events.clinician[at] ?? 0;
    const doneBy = position === 0 ? "-1" : String(900_000 + position);
    const always = { RowIdentifier: numberOf(id), DateEventRecorded: day, DateEvent: day, IDDoneBy: doneBy, IDPatient: numberOf(person.id), IDOrganisation: this.organisation }; // prettier-ignore
    const [snomed, ctv3] = code.system === "snomed" ? [code.code, besides(code, events.day[at] ?? 0)] : ["-1", code.code]; // prettier-ignore
    switch (tableOf(code)) {
      case "SRPrimaryCareMedication": {
        const quantity = events.quantity[at] ?? 0;
        const fields = { IDMultiLexDMD: code.code, NameOfMedication: plain(code.term), DateMedicationStart: day, MedicationQuantity: quantity === 0 ? "" : `${quantity} tablets`, IsRepeatMedication: "true", IsOtherMedication: "false", IsDentalMedication: "false", IsHospitalMedication: "false" }; // prettier-ignore
        return this.row("SRPrimaryCareMedication", { ...always, ...fields });
      }
      case "SRImmunisation":
        return this.row("SRImmunisation", { ...always, ImmsReadCode: ctv3, ImmsSNOMEDCode: snomed });
      case "SREvent": {
        const [method, place] = wayOf(code.code);
        return this.row("SREvent", { ...always, ContactMethod: method, ContactEventLocation: place, EventIncomplete: "false", ClinicalEvent: "true" }); // prettier-ignore
      }
      default: {
        const reading = readingOf(events, at);
        const numeric: Fields = reading === null ? {} : { NumericComparator: reading.comparator, NumericValue: reading.number, NumericUnit: reading.unit }; // prettier-ignore
        return this.writeCode(person, { id, day, doneBy }, ctv3, snomed, { IsNumeric: String(reading !== null), ...numeric, CTV3Text: plain(code.term) }); // prettier-ignore
      }
    }
  }

  private writeCode(
    person: Person,
    { id, day, doneBy }: { id: string; day: string; doneBy: string },
    ctv3: string,
    snomed: string,
    fields: Fields,
  ): void {
    this.row("SRCode", {
      RowIdentifier: numberOf(id),
      DateEventRecorded: day,
      DateEvent: day,
      IDDoneBy: doneBy,
      CTV3Code: ctv3,
      SNOMEDCode: snomed,
      IDPatient: numberOf(person.id),
      IDOrganisation: this.organisation,
      ...fields,
    });
  }
}

function tableOf({
  kind,
  system,
}: Code): "SRPrimaryCareMedication" | "SRImmunisation" | "SREvent" | "SRCode" {
  if (system === "dmd") return "SRPrimaryCareMedication";
  return kind === "vaccine" ? "SRImmunisation" : kind === "contact" ? "SREvent" : "SRCode";
}

/** The CTV3 code beside a SNOMED CT one; empty where it was recorded before there were both, or there is none. */
function besides(code: Code, day: number): string {
  if (textOf(day) < BOTH_SINCE) return "";
  return CODES[concept(code.concept).ctv3[0] ?? -1]?.code ?? "";
}

function wayOf(code: string): readonly [method: number, place: number] {
  switch (code) {
    case "185317003":
      return [OPTIONS.telephone, OPTIONS.surgery];
    case "1068881000000101":
    case "185320006":
      return [OPTIONS.online, OPTIONS.surgery];
    case "439708006":
      return [OPTIONS.faceToFace, OPTIONS.home];
    default:
      return [OPTIONS.faceToFace, OPTIONS.surgery];
  }
}

function firstOfMonth(day: number): number {
  return day - Number(textOf(day).slice(8)) + 1;
}

/** Windows-1252 and UTF-8 write ASCII alike. */
function plain(text: string): string {
  return text.replace(/[^ -~]/g, "?").replaceAll('"', '""');
}

/** A number of up to 15 digits that stands for an id: SystmOne's are all numbers. */
function numberOf(id: string): number {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let i = 0; i < id.length; i++) {
    a = Math.imul(a ^ id.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ id.charCodeAt(i), 0x85ebca6b);
    b ^= b >>> 15;
  }
  return ((a ^ (a >>> 16)) & 0x1ffff) * 0x1_0000_0000 + (b >>> 0) + 1;
}
