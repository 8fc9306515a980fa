/** How much is known of the people, as counts. */
import type { Database } from "@cairn/sqlite";

export interface PeopleQuality {
  readonly patients: number;
  /** With no registration of their own; where a store derives them, that is everybody. */
  readonly without_registration: number;
  readonly without_event: number;
  /** How exactly births are held. A month counts as its first day, a year as its 1 July. */
  readonly birth: {
    readonly day: number;
    readonly month: number;
    readonly year: number;
    readonly unknown: number;
  };
  readonly sex_unknown: number;
  readonly ethnic_group_unknown: number;
  readonly deprivation_unknown: number;
}

export function peopleQuality(db: Database): PeopleQuality {
  const row = db
    .prepare(
      `SELECT count(*) AS patients,
         count(*) FILTER (WHERE key NOT IN (SELECT patient FROM registration)) AS without_registration,
         count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM event WHERE patient = key)) AS without_event,
         count(*) FILTER (WHERE birth_precision = 'day') AS day,
         count(*) FILTER (WHERE birth_precision = 'month') AS month,
         count(*) FILTER (WHERE birth_precision = 'year') AS year,
         count(*) FILTER (WHERE birth_precision IS NULL) AS unknown,
         count(*) FILTER (WHERE sex = 'unknown') AS sex_unknown,
         count(*) FILTER (WHERE ethnic_group = 'unknown') AS ethnic_group_unknown,
         count(*) FILTER (WHERE deprivation_fifth = 0) AS deprivation_unknown
       FROM patient`,
    )
    .get() as Omit<PeopleQuality, "birth"> & PeopleQuality["birth"];
  const { day, month, year, unknown, ...rest } = row;
  return { ...rest, birth: { day, month, year, unknown } };
}
