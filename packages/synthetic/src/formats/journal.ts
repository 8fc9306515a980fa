/** The plain CSV that anyone can make: patients, registrations and events. */
import { join } from "node:path";
import { TextFile } from "../bytes.js";
import { CODES } from "../concepts.js";
import { textOf } from "../days.js";
import { COMPARATORS, UNITS } from "../events.js";
import type { Events } from "../events.js";
import type { Person } from "../population/person.js";
import type { FormatWriter, OpenFormat, PracticeContext } from "./format.js";

const COMMA = 44;
const LINE = 10;

export const openJournal: OpenFormat = (out, gzip, told) => new Journal(out, gzip, told);

class Journal implements FormatWriter {
  private readonly patients: TextFile;
  private readonly registrations: TextFile;
  private readonly events: TextFile;
  private readonly days: Uint8Array[];
  private readonly codes = CODES.map((code) => Buffer.from(`,${code.system},${code.code},`));
  private readonly units = UNITS.map((unit) => Buffer.from(unit));
  private readonly comparators = COMPARATORS.map((each) => Buffer.from(each));
  private readonly clinicians: Uint8Array[];

  private readonly told: PracticeContext;

  constructor(out: string, gzip: boolean, told: PracticeContext) {
    this.told = told;
    this.patients = new TextFile(join(out, "patients.csv"), gzip);
    this.registrations = new TextFile(join(out, "registrations.csv"), gzip);
    this.events = new TextFile(join(out, "events.csv"), gzip);
    const { from, until } = told.span;
    this.days = Array.from({ length: until - from + 1 }, (_, i) => Buffer.from(textOf(from + i)));
    this.clinicians = ["", ...told.clinicians].map((name) => Buffer.from(name));
    this.patients.text(
      "patient_id,practice,date_of_birth,sex,date_of_death,deprivation_fifth,ethnic_group\n",
    );
    this.registrations.text("patient_id,start,end\n");
    this.events.text("patient_id,date,system,code,value,unit,comparator,quantity,clinician\n");
  }

  async patient(person: Person, events: Events, order: Uint32Array): Promise<void> {
    const born = textOf(person.birth).slice(0, person.birthKnownTo === "day" ? 10 : 7);
    const died = person.death === null ? "" : textOf(person.death);
    const row = [
      person.id,
      this.told.profile.code,
      born,
      person.sex,
      died,
      person.fifth ?? "",
      person.ethnicGroup ?? "",
    ];
    this.patients.text(`${row.join(",")}\n`);
    for (const each of person.registrations) {
      this.registrations.text(
        `${person.id},${textOf(each.start)},${each.end === null ? "" : textOf(each.end)}\n`,
      );
    }
    this.writeEvents(Buffer.from(`${person.id},`), events, order);
    await this.events.breathe();
    await this.patients.breathe();
    await this.registrations.breathe();
  }

  private writeEvents(id: Uint8Array, events: Events, order: Uint32Array): void {
    const file = this.events;
    const { from } = this.told.span;
    for (let i = 0; i < order.length; i++) {
      const at = order[i] as number;
      if (file.full) file.flush(0);
      file.bytesOf(id);
      file.bytesOf(this.days[(events.day[at] as number) - from] as Uint8Array);
      file.bytesOf(this.codes[events.code[at] as number] as Uint8Array);
      if (events.hasValue(at)) file.decimal(events.value[at] as number, events.decimals[at] as number);
      file.byte(COMMA);
      file.bytesOf(this.units[events.unit[at] as number] as Uint8Array);
      file.byte(COMMA);
      file.bytesOf(this.comparators[events.comparator[at] as number] as Uint8Array);
      file.byte(COMMA);
      const quantity = events.quantity[at] as number;
      if (quantity > 0) file.whole(quantity);
      file.byte(COMMA);
      file.bytesOf(this.clinicians[events.clinician[at] as number] as Uint8Array);
      file.byte(LINE);
    }
  }

  async close(): Promise<void> {
    for (const file of [this.patients, this.registrations, this.events]) await file.close();
  }
}
