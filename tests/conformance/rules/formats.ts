/** Each format's words for a story, and what it has no words for. */
import type { Format } from "@cairn/importers/formats";
import type { Entry, Person, Told } from "./story.js";

export type Files = Record<string, string>;

export interface Teller {
  readonly registeredFrom: "birth" | null;
  readonly tell: (told: Told) => Files;
  /** Between the fields of a row; null where there are none. */
  readonly delimiter: "," | "\t" | null;
  /** Why the format cannot tell a kind of thing at all. */
  readonly noRoom: Readonly<Record<string, string>>;
}

const rows = (header: string, lines: readonly string[]): string => `${[header, ...lines].join("\n")}\n`;
const tabs = (text: string): string => text.replaceAll(",", "\t");

/** Files of tables of which something is told; the others are not written. */
function written(files: Readonly<Record<string, string | null>>): Files {
  return Object.fromEntries(
    Object.entries(files).filter((each): each is [string, string] => each[1] !== null),
  );
}

const manifest = ({ completeTo }: Told): string | null =>
  completeTo === undefined ? null : `{"covers_to":"${completeTo}"}\n`;

/** The table without its column of deaths, where the story lacks it. */
function withoutDeaths({ lacks }: Told, table: string): string {
  if (lacks === undefined) return table;
  const at = table
    .split("\n")[0]!
    .split(",")
    .findIndex((name) => /death/i.test(name));
  const lines = table.split("\n").map((line) => line.split(",").filter((_, i) => i !== at));
  return lines.map((fields) => fields.join(",")).join("\n");
}

const journal: Teller = {
  registeredFrom: null,
  delimiter: ",",
  noRoom: {},
  tell(told) {
    const { people = [], deaths, gonePeople = [], goneRegistrations = [], merged, system = "snomed" } = told;
    const moved = merged?.entries.map((entry) => ({ ...entry, person: merged.into })) ?? [];
    const entries = [...(told.entries ?? []), ...moved].map(
      ({ id, person, day, code, value = "", unit = "" }) =>
        `${person},${day},${system},${code},${value},${unit},${id},,`,
    );
    const taken = [...(told.inError ?? []).map(({ id }) => id), ...(told.gone ?? [])];
    const deleted = [...gonePeople, ...(merged === undefined ? [] : [merged.person])];
    const persons = [
      ...people.map(({ id, sex, born, died = "" }) => `${id},${sex},${born},${died},`),
      ...deleted.map((id) => `${id},,,,true`),
    ];
    const registrations = [
      ...people.map(({ id, joined }) => `${id},${joined},,`),
      ...goneRegistrations.map(({ id, joined }) => `${id},${joined},,true`),
    ];
    const events = [...entries, ...taken.map((id) => `,,,,,,${id},true,`)];
    return written({
      "patients.csv":
        deaths !== undefined
          ? rows(
              "patient_id,date_of_death",
              deaths.map(({ person, day }) => `${person},${day}`),
            )
          : persons.length === 0
            ? null
            : withoutDeaths(told, rows("patient_id,sex,date_of_birth,date_of_death,deleted", persons)),
      "registrations.csv":
        registrations.length === 0 ? null : rows("patient_id,start,end,deleted", registrations),
      "events.csv":
        events.length === 0
          ? null
          : rows("patient_id,date,system,code,value,unit,row_id,deleted,note", events),
      "manifest.json": manifest(told),
    });
  },
};

const whole = (id: string): string =>
  `a ${id} of FHIR is given whole: what it does not say is not known any more`;

const fhir: Teller = {
  registeredFrom: "birth",
  delimiter: null,
  noRoom: {
    "a quoted field that runs over lines": "a text of JSON holds no line ends",
    "a death that comes alone": whole("Patient"),
    "a death that is not told again": whole("Patient"),
    "a registration that is deleted": "FHIR has no registrations here",
    "a registration whose start was corrected": "FHIR has no registrations here",
  },
  tell(told) {
    const { people = [], entries = [], system = "http://snomed.info/sct", merged } = told;
    const person = ({ id, sex, born, died }: Person): object => ({
      resourceType: "Patient",
      id,
      gender: sex,
      birthDate: born,
      ...(died === undefined ? {} : { deceasedDateTime: died }),
    });
    const entry = ({ id, person, day, code, value, unit }: Entry): Record<string, unknown> => ({
      resourceType: "Observation",
      id,
      status: "final",
      subject: { reference: `Patient/${person}` },
      ...(day === "" ? {} : { effectiveDateTime: day }),
      code: { coding: [{ system, code }] },
      ...(value === undefined
        ? {}
        : { valueQuantity: { value: Number.isNaN(Number(value)) ? value : Number(value), unit } }),
    });
    const removed = [
      ...(told.gone ?? []).map((id) => `Observation/${id}`),
      ...(told.gonePeople ?? []).map((id) => `Patient/${id}`),
    ];
    const resources = [
      ...people.map(person),
      ...entries.map(entry),
      ...(told.inError ?? []).map((each) => ({ ...entry(each), status: "entered-in-error" })),
      ...(merged === undefined
        ? []
        : [
            {
              resourceType: "Patient",
              id: merged.person,
              active: false,
              link: [{ type: "replaced-by", other: { reference: `Patient/${merged.into}` } }],
            },
          ]),
      ...removed.map((url) => ({
        resourceType: "Bundle",
        type: "transaction",
        entry: [{ request: { method: "DELETE", url } }],
      })),
    ];
    return written({
      "all.ndjson": resources.map((each) => `${JSON.stringify(each)}\n`).join(""),
      "manifest.json": manifest(told),
    });
  },
};

const SYNTHEA_ROWS =
  "of Synthea's tables only encounters have ids of their own, and none a word for what is deleted; --whole";

const syntheaCsv: Teller = {
  registeredFrom: "birth",
  delimiter: ",",
  noRoom: {
    "a death that comes alone": "a death stands in the person's own row",
    "a death that is not told again": "a death stands in the person's own row",
    "a row that is deleted by its id alone": SYNTHEA_ROWS,
    "a row that was entered in error": SYNTHEA_ROWS,
    "a row that is taken back in the same load": SYNTHEA_ROWS,
    "a person who is deleted": SYNTHEA_ROWS,
    "a registration that is deleted": "Synthea has no registrations",
    "a registration whose start was corrected": "Synthea has no registrations",
    "people who prove to be one": "a row does not say that one person is another; --whole",
  },
  tell(told) {
    const { people, entries, system = "SNOMED-CT" } = told;
    const words = { female: "F", male: "M" };
    const readings = entries?.filter(({ value }) => value !== undefined);
    const others = entries?.filter(({ value }) => value === undefined);
    return written({
      "patients.csv":
        people === undefined
          ? null
          : rows(
              "Id,BIRTHDATE,DEATHDATE,GENDER",
              people.map(({ id, born, died = "", sex }) => `${id},${born},${died},${words[sex]}`),
            ),
      "encounters.csv":
        others === undefined
          ? null
          : rows(
              "Id,START,PATIENT,SYSTEM,CODE,DESCRIPTION",
              others.map(({ id, day, person, code }) => `${id},${day},${person},${system},${code},`),
            ),
      "observations.csv":
        readings === undefined || readings.length === 0
          ? null
          : rows(
              "Id,DATE,PATIENT,SYSTEM,CODE,VALUE,UNITS,TYPE",
              readings.map(
                ({ id, day, person, code, value, unit }) =>
                  `${id},${day},${person},${system},${code},${value},${unit},numeric`,
              ),
            ),
      "manifest.json": manifest(told),
    });
  },
};

const OMOP_ROWS =
  "the CDM has no word for what is deleted or wrong: its rows are left out of the next extract; --whole";

const omop: Teller = {
  registeredFrom: null,
  delimiter: ",",
  noRoom: {
    "a death in the person's own row": "deaths are a table of their own",
    "a row that is deleted by its id alone": OMOP_ROWS,
    "a row that was entered in error": OMOP_ROWS,
    "a row that is taken back in the same load": OMOP_ROWS,
    "a person who is deleted": OMOP_ROWS,
    "a registration that is deleted": OMOP_ROWS,
    "people who prove to be one": "a row does not say that one person is another; --whole",
  },
  tell(told) {
    const { people, entries, deaths, system = "SNOMED" } = told;
    const concepts = { female: "8532", male: "8507" };
    const codes = [...new Set(entries?.map(({ code }) => code))];
    const concept = (code: string): number => 5000 + codes.indexOf(code);
    const died = [
      ...(people ?? []).flatMap(({ id, died }) => (died === undefined ? [] : [`${id},${died}`])),
      ...(deaths ?? []).map(({ person, day }) => `${person},${day}`),
    ];
    return written({
      "person.csv":
        people === undefined
          ? null
          : rows(
              "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth",
              people.map(
                ({ id, sex, born }) => `${id},${concepts[sex]},${born.split("-").map(Number).join(",")}`,
              ),
            ),
      "observation_period.csv":
        people === undefined
          ? null
          : rows(
              "person_id,observation_period_start_date,observation_period_end_date",
              people.map(({ id, joined }) => `${id},${joined},`),
            ),
      "death.csv": died.length === 0 ? null : rows("person_id,death_date", died),
      "concept.csv":
        entries === undefined
          ? null
          : rows(
              "concept_id,concept_name,vocabulary_id,concept_code",
              codes.map((code) => `${concept(code)},,${system},${code}`),
            ),
      "measurement.csv":
        entries === undefined
          ? null
          : rows(
              "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,unit_source_value,note",
              entries.map(
                ({ id, person, day, code, value = "", unit = "" }) =>
                  `${id},${person},${concept(code)},${day},${value},${unit},`,
              ),
            ),
      "manifest.json": manifest(told),
    });
  },
};

const BUILDS = "CPRD gives out whole builds, and none says what of the one before is gone; --whole";

const aurum: Teller = {
  registeredFrom: null,
  delimiter: "\t",
  noRoom: {
    "a death that comes alone": "a death stands in the person's own row",
    "a death that is not told again": "a death stands in the person's own row",
    "a row that is deleted by its id alone": BUILDS,
    "a row that was entered in error": BUILDS,
    "a row that is taken back in the same load": BUILDS,
    "a row whose person was corrected": BUILDS,
    "a row whose person is not here any more": BUILDS,
    "ids filled up with spaces, in a later extract": BUILDS,
    "a row whose value was corrected": BUILDS,
    "a registration that is deleted": BUILDS,
    "people who prove to be one": BUILDS,
    "another name of the code system": "the names of the dictionary's columns say the system",
    "a code system that nobody knows": "the names of the dictionary's columns say the system",
  },
  tell(told) {
    const { people = [], entries, completeTo, gonePeople = [] } = told;
    const words = { female: "2", male: "1" };
    const dmy = (day: string): string => day.split("-").reverse().join("/");
    const codes = [...new Set(entries?.map(({ code }) => code))];
    const medcode = (code: string): string => `90000${codes.indexOf(code)}`;
    const units = ["mmHg"];
    const persons = [
      ...people.map(({ id, sex, born, died = "", joined }) => {
        const [year, month] = born.split("-");
        return `${id},20,${words[sex]},${year},${Number(month)},${dmy(died)},${dmy(joined)},,3,1`;
      }),
      ...gonePeople.map((id) => `${id},20,1,1950,1,,01/01/2000,,3,0`),
    ];
    const files = written({
      "x_patient_001.txt":
        persons.length === 0
          ? null
          : rows(
              "patid,pracid,gender,yob,mob,cprd_ddate,regstartdate,regenddate,patienttypeid,acceptable",
              persons,
            ),
      "x_observation_001.txt":
        entries === undefined
          ? null
          : rows(
              "patid,obsid,obsdate,medcodeid,value,numunitid,note",
              entries.map(
                ({ id, person, day, code, value = "", unit }) =>
                  `${person},${id},${dmy(day)},${medcode(code)},${value},${unit === undefined ? "" : 300 + units.indexOf(unit)},`,
              ),
            ),
      "emis_medicaldictionary.txt":
        entries === undefined
          ? null
          : rows(
              "medcodeid,term,snomedctconceptid",
              codes.map((code) => `${medcode(code)},,${code}`),
            ),
      "x_numunit.txt":
        entries === undefined
          ? null
          : rows(
              "numunitid,description",
              units.map((unit, i) => `${300 + i},${unit}`),
            ),
      "x_practice_001.txt": completeTo === undefined ? null : rows("pracid,lcd", [`20,${dmy(completeTo)}`]),
    });
    return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, tabs(text)]));
  },
};

const SAID_BY_COLUMNS = "the names of the columns of Coding_ClinicalCode say the system";

/** ProcessingIds rise from one extract to the next: the one before the first of each extract, by what it tells. */
const processedBefore = new Map<string, number>();
let processed = 0;

/** The codes that were told: a CodeId means the same one in every extract of a system. */
const codesOfSystem: string[] = [];
function codeId(code: string): string {
  const known = codesOfSystem.indexOf(code.trim());
  return `2845960000000060${100 + (known < 0 ? codesOfSystem.push(code.trim()) - 1 : known)}`;
}

const emis: Teller = {
  registeredFrom: null,
  delimiter: ",",
  noRoom: {
    "a death that comes alone": "a death stands in the person's own row",
    "a death that is not told again": "a death stands in the person's own row",
    "a registration that is deleted": "a registration ends; no extract says that there was none",
    "another name of the code system": SAID_BY_COLUMNS,
    "a code system that nobody knows": SAID_BY_COLUMNS,
    "somebody given twice with other facts":
      "a person's rows are what became of them, the last of which counts",
  },
  tell(told) {
    const { people, merged, gonePeople = [], completeTo = "2024-05-31" } = told;
    const moved = merged?.entries.map((entry) => ({ ...entry, person: merged.into })) ?? [];
    const entries = [...(told.entries ?? []), ...moved];
    const codes = [...new Set(entries.map(({ code }) => code))];
    const story = JSON.stringify(told);
    let order = processedBefore.get(story) ?? processed;
    processedBefore.set(story, order);
    const numbered = (row: string): string => {
      processed = Math.max(processed, (order += 1));
      return `${row},${order}`;
    };
    const left = [...gonePeople, ...(merged === undefined ? [] : [merged.person])];
    const persons = [
      ...(people ?? []).map(
        ({ id, sex, born, died = "", joined }) =>
          `${id},{9D},${sex === "female" ? "F" : "M"},${born},${died},${joined},,Regular,false,false`,
      ),
      ...left.map((id) => `${id},{9D},,,,,,,,true`),
    ].map(numbered);
    const observations = [
      ...entries.map(
        ({ id, person, day, code, value = "", unit = "" }) =>
          `${id},${person},{9D},${day},${day === "" ? "U" : "YMD"},${codeId(code)},${value},${unit},Observation,false`,
      ),
      ...(told.inError ?? []).map(({ id, person }) => `${id},${person},{9D},,,,,,,true`),
      ...(told.gone ?? []).map((id) => `${id},,{9D},,,,,,,true`),
    ].map(numbered);
    const taken = new Date(Date.parse(completeTo) + 86_400_000).toISOString().slice(0, 10);
    const file = (table: string): string => `7_${table}_${taken.replaceAll("-", "")}021500_1F.csv`;
    return written({
      [file("Admin_Patient")]:
        persons.length === 0
          ? null
          : rows(
              "PatientGuid,OrganisationGuid,Sex,DateOfBirth,DateOfDeath,DateOfRegistration,DateofDeactivation,PatientTypeDescription,DummyType,Deleted,ProcessingId",
              persons,
            ),
      [file("Coding_ClinicalCode")]:
        codes.length === 0
          ? null
          : rows(
              "CodeId,Term,ReadTermId,SnomedCTConceptId",
              codes.map((code) => `${codeId(code)},,,${code}`),
            ),
      [file("CareRecord_Observation")]:
        observations.length === 0
          ? null
          : rows(
              "ObservationGuid,PatientGuid,OrganisationGuid,EffectiveDate,EffectiveDatePrecision,CodeId,Value,NumericUnit,ObservationType,Deleted,ProcessingId,Note",
              observations.map((row) => `${row},`),
            ),
    });
  },
};

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const spelt = (day: string): string => {
  const [year, month, date] = day.split("-");
  return day === "" ? "" : `${date} ${MONTHS[Number(month) - 1]} ${year} 00:00:00`;
};

/** The id of the registration row of a person that began on a day: each correction has the id of what it corrects. */
const registrationRow = (id: string): string => `7${id.trim()}`;

const systmone: Teller = {
  registeredFrom: null,
  delimiter: ",",
  noRoom: {
    "a death that comes alone": "a death stands in the person's own row",
    "a death that is not told again": "a death stands in the person's own row",
    "another name of the code system": "the names of the columns say the system",
    "a code system that nobody knows": "the names of the columns say the system",
  },
  tell(told) {
    const { people = [], entries = [], completeTo, gonePeople = [], goneRegistrations = [], merged } = told;
    const words = { female: "F", male: "M" };
    const moved = merged?.entries.map((entry) => ({ ...entry, person: merged.into })) ?? [];
    const gone = [...(told.inError ?? []).map(({ id }) => id), ...(told.gone ?? [])];
    const persons = [
      ...people.map(
        ({ id, sex, born, died = "" }) => `${id},X12345,${spelt(born)},${spelt(died)},${words[sex]},false,0`,
      ),
      ...[...gonePeople, ...(merged === undefined ? [] : [merged.person])].map((id) => `${id},,,,,,1`),
    ];
    const registrations = [
      ...people.map(
        ({ id, joined }) =>
          `${registrationRow(id)},X12345,${id},X12345,${spelt(joined)},,"GMS,Contraception",0`,
      ),
      ...goneRegistrations.map(({ id }) => `${registrationRow(id)},,,,,,,1`),
    ];
    const codes = [
      ...[...entries, ...moved].map(
        ({ id, person, day, code, value = "", unit = "" }) =>
          `${id},${person},${spelt(day)},-1,XaXXX,${code},,${value},${unit},0,`,
      ),
      ...gone.map((id) => `${id},,,,,,,,,1,`),
    ];
    return written({
      "SRPatient.csv":
        persons.length === 0
          ? null
          : rows(
              "RowIdentifier,IDOrganisationVisibleTo,DateBirth,DateDeath,Gender,TestPatient,RemovedData",
              persons,
            ),
      "SRPatientRegistration.csv":
        registrations.length === 0
          ? null
          : rows(
              "RowIdentifier,IDOrganisationVisibleTo,IDPatient,IDOrganisation,DateRegistration,DateDeRegistration,RegistrationStatus,RemovedData",
              registrations,
            ),
      "SRCode.csv":
        codes.length === 0
          ? null
          : rows(
              "RowIdentifier,IDPatient,DateEvent,IDDoneBy,CTV3Code,SNOMEDCode,NumericComparator,NumericValue,NumericUnit,RemovedData,Note",
              codes,
            ),
      "manifest.json": manifest({ ...told, completeTo }),
    });
  },
};

export const TELLERS: Readonly<Record<Format, Teller>> = {
  journal,
  fhir,
  "synthea-csv": syntheaCsv,
  omop,
  aurum,
  emis,
  systmone,
};
