/**
 * The twelve queries of the bench as a careful engineer writes them in SQL, in words that SQLite and DuckDB share.
 *
 * They read `person(patient, sex, birth_day, death_day, fifth)`, `spell(patient, start_day, end_day)` with touching
 * registrations joined, and one relation for each codelist: `ev_<list>(patient, day, value, below, clinician)`, whose
 * value is in the query's unit (null where it cannot be) and whose `below` is 1 where the number is an upper bound.
 *
 * Each can be asked in two ways, and a peer is asked in the one that suits it: once for each reference date, the days
 * as parameters (SQLite); or once for all, the days as a relation `dates` that is joined (DuckDB). In the texts, `@m12`
 * is a day, and braces hold what differs.
 */
import { addMonths, dayNumber, type Cell } from "@cairn/query-library";

/** Days a statement may name. Windows end at @upto and begin after the others; ages are birthdays reached by @upto. */
const MONTHS = { m3: 3, m6: 6, m9: 9, m12: 12, m24: 24, m60: 60 } as const;
const AGES = [12, 17, 18, 40, 60, 65, 75, 80] as const;

type Days = Readonly<Record<string, number>>;

/** @param date ISO. A birthday is reached where the birth lies on or before the same day so many years ago, clamped. */
export function daysOf(date: string): Days {
  const at = dayNumber(date);
  return Object.fromEntries([
    ["upto", at],
    ...Object.entries(MONTHS).map(([name, months]) => [name, addMonths(at, -months)]),
    ...AGES.map((age) => [`age${age}`, addMonths(at, -12 * age)]),
  ]) as Days;
}

/** Before a relation's name: the same events, to be found through the patient and not through the code. */
export const BY_PATIENT = "by_patient_";

/** Those who have an event of the list in a window. */
const having = (list: string, after: string, upTo = "@upto") =>
  `({key}) IN (SELECT {key} FROM ev_${list} {dates} WHERE day > ${after} AND day <= ${upTo})`;

const ever = (list: string) => `({key}) IN (SELECT {key} FROM ev_${list} {dates} WHERE day <= @upto)`;

const register = (list: string, resolved: string) => `
  register AS (
    SELECT {key} FROM (
      SELECT {key}, day, NULL AS resolved FROM ev_${list} {dates} WHERE day <= @upto
      UNION ALL SELECT {key}, NULL, day FROM ev_${resolved} {dates} WHERE day <= @upto) AS codes
    GROUP BY {key} HAVING max(day) > coalesce(max(resolved), -1000000))`;

const onRegister = "({key}) IN (SELECT {key} FROM register)";

const latest = (name: string, list: string, after: string, plausible: string) => `
  ${name} AS (
    SELECT {key}, value, below FROM (
      SELECT {key}, value, below,
             row_number() OVER (PARTITION BY {key} ORDER BY day DESC, value, below DESC) AS place
      FROM ev_${list} {dates} WHERE day > ${after} AND day <= @upto AND value BETWEEN ${plausible}) AS readings
    WHERE place = 1)`;

const firstDiabetes =
  "first_dm AS (SELECT {own key}, min(day) AS first FROM ev_diabetes {dates} WHERE day <= @upto GROUP BY {own})";

interface Statement {
  readonly facts?: readonly string[]; // common table expressions
  readonly joins?: string; // to `base`
  readonly denominator: string; // a condition
  readonly numerator: string;
}

const STATEMENTS: Readonly<Record<string, Statement>> = {
  "bench-01-hypertension-register": {
    facts: [register("hypertension", "hypertension_resolved")],
    denominator: "birth_day <= @age18",
    numerator: onRegister,
  },
  "bench-02-paired-bp": {
    facts: [
      register("hypertension", "hypertension_resolved"),
      `pair AS (
         SELECT {key}, day, min(systolic) AS systolic, min(diastolic) AS diastolic FROM (
           SELECT {key}, day, value AS systolic, NULL AS diastolic FROM ev_systolic {dates}
           WHERE day > @m12 AND day <= @upto AND value BETWEEN 20 AND 300
           UNION ALL SELECT {key}, day, NULL, value FROM ev_diastolic {dates}
           WHERE day > @m12 AND day <= @upto AND value BETWEEN 20 AND 300) AS readings
         GROUP BY {key}, day HAVING min(systolic) IS NOT NULL AND min(diastolic) IS NOT NULL)`,
      `bp AS (
         SELECT {key}, systolic, diastolic FROM (
           SELECT {key}, systolic, diastolic, row_number() OVER (PARTITION BY {key} ORDER BY day DESC) AS place
           FROM pair) AS pairs
         WHERE place = 1)`,
    ],
    joins: "LEFT JOIN bp USING ({key})",
    denominator: `birth_day <= @age18 AND birth_day > @age80 AND ${onRegister}`,
    numerator: "systolic <= 140 AND diastolic <= 90",
  },
  "bench-03-hba1c-58": {
    facts: [
      register("diabetes", "diabetes_resolved"),
      latest("hba1c", "hba1c", "@m12", "20 AND 200"),
      firstDiabetes,
    ],
    joins: "LEFT JOIN hba1c USING ({key})",
    denominator: `birth_day <= @age17 AND ${onRegister} AND (
      coalesce(value <= 58, false)
      OR (NOT ${having("indicator_declined", "@m12")}
          AND ({key}) NOT IN (SELECT {key} FROM first_dm {again} WHERE first >= @m9)))`,
    numerator: "value <= 58",
  },
  "bench-04-nsaid-without-protection": {
    denominator: `birth_day <= @age65 AND ${having("nsaid", "@m3")}`,
    numerator: `NOT ${having("gastroprotection", "@m3")}`,
  },
  "bench-05-flu-uptake": {
    denominator: "birth_day <= @age65",
    numerator: having("flu_vaccination", "@m12"),
  },
  "bench-06-hba1c-48-without-diabetes": {
    facts: [latest("hba1c", "hba1c", "@m24", "20 AND 200")],
    joins: "JOIN hba1c USING ({key})",
    denominator: "birth_day <= @age18 AND value >= 48 AND below = 0",
    numerator: `NOT ${ever("diabetes")}`,
  },
  "bench-07-three-consultations": {
    denominator: "since <= @m12",
    numerator: `({key}) IN (SELECT {own key} FROM ev_consultation {dates} WHERE day > @m12 AND day <= @upto
                            GROUP BY {own} HAVING count(*) >= 3)`,
  },
  "bench-08-methotrexate-without-tests": {
    denominator: `birth_day <= @age18 AND ${having("methotrexate", "@m3")} AND ${having("methotrexate", "@m6", "@m3")}`,
    numerator: `NOT ${having("liver_function", "@m3")}`,
  },
  "bench-09-eight-care-processes": {
    facts: [register("diabetes", "diabetes_resolved")],
    denominator: `birth_day <= @age12 AND ${onRegister}`,
    numerator: [
      "hba1c",
      "systolic",
      "cholesterol",
      "creatinine",
      "albumin_ratio",
      "foot_check",
      "body_mass_index",
      "smoking_status",
    ]
      .map((list) => having(list, "@m12"))
      .join(" AND "),
  },
  "bench-10-statin-after-diagnosis": {
    facts: [firstDiabetes],
    joins: "JOIN first_dm USING ({key})",
    denominator: "first >= @m60",
    numerator: `({key}) IN (SELECT {key of first_dm} FROM ev_statin JOIN first_dm ON first_dm.patient = {own patient}
                            {dates of first_dm}
                            WHERE day >= first AND day <= first + 90 AND day <= @upto)`,
  },
  "bench-11-egfr-pair": {
    denominator: `birth_day <= @age18 AND ({key}) IN (
      SELECT {own key} FROM ev_egfr {dates} WHERE day > @m60 AND day <= @upto AND value < 60
      GROUP BY {own} HAVING max(day) - min(day) >= 90)`,
    numerator: `NOT ${ever("chronic_kidney_disease")}`,
  },
  "bench-12-continuity": {
    facts: [
      `contacts AS (SELECT {key of person}, clinician, count(*) AS seen FROM person {dates}
                    JOIN ${BY_PATIENT}ev_consultation e ON e.patient = person.patient AND e.day > @m12 AND e.day <= @upto
                    GROUP BY {key of person}, clinician)`,
    ],
    denominator: "({key}) IN (SELECT {key} FROM contacts GROUP BY {key} HAVING sum(seen) >= 3)",
    numerator: `({key}) IN (SELECT {key} FROM contacts WHERE clinician <> 0 GROUP BY {key}
                            HAVING sum(seen) >= 3 AND 2 * max(seen) >= sum(seen))`,
  },
};

/** What stands in braces when a statement is asked for one date. The plus keeps SQLite from a detour through the patient. */
const ONE_DATE: Readonly<Record<string, string>> = {
  dates: "",
  again: "",
  k: "0",
  key: "patient",
  own: "+patient",
  "own key": "+patient AS patient",
  "own patient": "+ev_statin.patient",
  "key of person": "person.patient",
  "key of first_dm": "first_dm.patient",
  "dates of first_dm": "",
};

const ALL_DATES: Readonly<Record<string, string>> = {
  dates: "CROSS JOIN dates",
  again: "JOIN dates USING (k)",
  k: "k",
  key: "k, patient",
  own: "k, patient",
  "own key": "k, patient",
  "own patient": "ev_statin.patient",
  "key of person": "k, person.patient",
  "key of first_dm": "k, first_dm.patient",
  "dates of first_dm": "JOIN dates USING (k)",
};

/** The statement for a query of the bench. Its rows are [k, sex, band (0 to 4), fifth, denominator, numerator]. */
export function sqlOf(query: string, ask: "one date" | "all dates"): string {
  const { facts = [], joins = "", denominator, numerator } = STATEMENTS[query]!;
  const all = ask === "all dates";
  const text = `WITH ${[
    `base AS (
       SELECT person.patient, sex, birth_day, fifth, start_day AS since ${all ? ", dates.*" : ""}
       FROM person {dates} JOIN spell ON spell.patient = person.patient AND start_day <= @upto AND end_day >= @upto
       WHERE death_day > @upto)`,
    ...facts,
  ].join(", ")}
  SELECT {k}, sex,
         CASE WHEN birth_day <= @age75 THEN 4 WHEN birth_day <= @age60 THEN 3 WHEN birth_day <= @age40 THEN 2
              WHEN birth_day <= @age18 THEN 1 ELSE 0 END AS band,
         fifth, count(*) AS denominator, sum(CASE WHEN ${numerator} THEN 1 ELSE 0 END) AS numerator
  FROM base ${joins} WHERE ${denominator} GROUP BY 1, 2, 3, 4`;
  const words = all ? ALL_DATES : ONE_DATE;
  return text.replaceAll(/\{([^}]+)\}/g, (_, name: string) => words[name]!).replaceAll("@", all ? "" : "$");
}

/** The names of days that a statement for one date has as parameters. */
export function daysNamed(sql: string): string[] {
  return [...new Set([...sql.matchAll(/\$(\w+)/g)].map(([, name]) => name!))];
}

export type Row = readonly [
  k: number,
  sex: string,
  band: number,
  fifth: number,
  denominator: number,
  numerator: number,
];

const BANDS = ["0-17", "18-39", "40-59", "60-74", "75+"];

/** A row's cell as the query's table names it. */
export function cellOf([, sex, band, fifth]: Row): Cell {
  return { sex, age_band: BANDS[band]!, deprivation_fifth: fifth === 0 ? "unknown" : String(fifth) };
}
