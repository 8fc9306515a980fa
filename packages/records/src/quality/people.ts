/** Counts of what is known about the people. */
import type { Database } from "@cairn/sqlite";

export interface PeopleQuality {
  readonly patients: number;
  /** People with no registration of their own; where a store derives them, that is everybody. */
  readonly without_registration: number;
  readonly without_event: number;
  /** How exactly births are held. A month counts as its first day, a year as its 1 July. */
  readonly birth: {
    readonly day: number;
    readonly month: number;
    readonly year: number;
    readonly unknown: number;
  };
  /** People with impossible dates. Absent where there are none. */
  readonly impossible?: {
    readonly born_in_future: number;
    readonly died_in_future: number;
    readonly died_before_birth: number;
    readonly registered_before_birth: number;
    readonly registered_in_future: number;
  };
  readonly sex_unknown: number;
  readonly ethnic_group_unknown: number;
  readonly deprivation_unknown: number;
}

/** SQL for the earliest possible birth: where only a year is held, its first day. */
const EARLIEST = `CASE birth_precision WHEN 'year'
  THEN CAST(julianday(birth_day * 86400, 'unixepoch', 'start of year') - 2440587.5 AS INTEGER) ELSE birth_day END`;

/** `today`: the day number after which a date lies in the future. */
export function peopleQuality(db: Database, today: number): PeopleQuality {
  const impossible = db
    .prepare<[Record<string, number>], NonNullable<PeopleQuality["impossible"]>>(
      `SELECT count(*) FILTER (WHERE ${EARLIEST} > @today) AS born_in_future,
         count(*) FILTER (WHERE death_day > @today) AS died_in_future,
         count(*) FILTER (WHERE death_day < ${EARLIEST}) AS died_before_birth,
         count(*) FILTER (WHERE EXISTS
           (SELECT 1 FROM registration WHERE patient = key AND start_day < ${EARLIEST})) AS registered_before_birth,
         count(*) FILTER (WHERE EXISTS
           (SELECT 1 FROM registration WHERE patient = key AND start_day > @today)) AS registered_in_future
       FROM patient`,
    )
    .get({ today })!;
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
  return {
    ...rest,
    birth: { day, month, year, unknown },
    ...(Object.values(impossible).some((n) => n > 0) ? { impossible } : {}),
  };
}
