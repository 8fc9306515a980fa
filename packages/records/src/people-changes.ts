/** How a load changes who is a patient: the store's people before it, compared with those after it. */
import { NO_END } from "@cairn/tables";
import type { Database } from "@cairn/sqlite";

/** Counts of people by what a load makes of them. A patient is alive and registered on the day of the comparison. */
export interface PeopleChanges {
  /** People who are patients and were not, or whom the store did not hold. */
  readonly joined: number;
  /** Patients of before who are none any more, and have not died. */
  readonly left: number;
  /** People of before whose death is new. */
  readonly died: number;
  /** Number of patients before the load. */
  readonly before: number;
}

interface Person {
  readonly key: number;
  readonly death: number | null;
  /** The end of the last registration; null where there is none. */
  readonly end: number | null;
}

export class EarlierPeople {
  readonly #db: Database;
  readonly #people: ReadonlyMap<number, Person>;
  readonly #registrations: boolean;

  constructor(db: Database) {
    this.#db = db;
    this.#people = new Map(everyone(db).map((person) => [person.key, person]));
    this.#registrations = hasRegistrations(db);
  }

  /**
   * @param heirs the key of each person who was merged into another
   * @param day the day of the comparison
   */
  changes(heirs: ReadonlyMap<number, number>, day: number): PeopleChanges {
    const after = new Map(everyone(this.#db).map((person) => [person.key, person]));
    const byRegistration = hasRegistrations(this.#db) && (this.#registrations || this.#people.size === 0);
    const isPatient = patientOn(day, byRegistration);
    let [joined, left, died, before] = [0, 0, 0, 0];
    for (const person of after.values()) {
      const earlier = this.#people.get(person.key);
      if (isPatient(person) && !(earlier && isPatient(earlier))) joined++;
      if (earlier && isDead(person, day) && !isDead(earlier, day)) died++;
    }
    for (const person of this.#people.values()) {
      if (!isPatient(person)) continue;
      before++;
      const later = after.get(person.key);
      if (heirs.has(person.key) || (later && (isPatient(later) || isDead(later, day)))) continue;
      left++;
    }
    return { joined, left, died, before };
  }
}

function everyone(db: Database): Person[] {
  return db
    .prepare<[], Person>(
      `SELECT key, death_day AS death, max(iif(start_day IS NULL, NULL, coalesce(end_day, ${NO_END}))) AS end
       FROM patient LEFT JOIN registration ON patient = key GROUP BY key`,
    )
    .all();
}

function hasRegistrations(db: Database): boolean {
  return db.prepare("SELECT 1 FROM registration LIMIT 1").get() !== undefined;
}

function isDead({ death }: Person, day: number): boolean {
  return death !== null && death <= day;
}

/** Where nobody had a registration before or nobody has one now, everybody in the records counts as registered. */
function patientOn(day: number, registrations: boolean): (person: Person) => boolean {
  return (person) => !isDead(person, day) && (!registrations || (person.end !== null && person.end > day));
}
