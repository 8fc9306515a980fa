/** What happens to an invented patient, and how often. Made for its volume and shape, not to look like anyone. */

/** mulberry32: small, quick and the same everywhere. */
function randomness(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface InventedEvent {
  readonly list: string;
  readonly day: number;
  readonly value: number; // NaN: none
  readonly unit: string;
  readonly comparator: number; // index into COMPARATORS
  readonly clinician: number;
}

export interface InventedPerson {
  readonly sex: number;
  readonly birthDay: number;
  readonly deathDay: number | null;
  readonly deprivationFifth: number;
  readonly registrations: readonly { readonly start: number; readonly end: number | null }[];
  readonly events: readonly InventedEvent[]; // by day
}

const LAST_DAY = 20_361; // 2025-09-30
const YEARS = 15;
const FIRST_DAY = LAST_DAY - Math.round(YEARS * 365.25);
const CLINICIANS = 12;

/** One person of a practice, the same whenever asked for. */
export function invent(seed: number, key: number): InventedPerson {
  const random = randomness(Math.imul(seed, 1_000_003) + key);
  const age = random() * 92;
  const birthDay = LAST_DAY - Math.floor(age * 365.25) - 1;
  const events: InventedEvent[] = [];
  const from = Math.max(FIRST_DAY, birthDay);
  const own = Math.floor(random() * CLINICIANS);

  const put = (list: string, day: number, value = NaN, unit = "", comparator = 0) => {
    if (day < from || day > LAST_DAY) return;
    const clinician = random() < 0.5 ? own : Math.floor(random() * CLINICIANS);
    events.push({ list, day, value, unit, comparator, clinician: random() < 0.03 ? -1 : clinician });
  };
  const often = (perYear: number, since: number, what: (day: number) => void) => {
    for (let day = since; perYear > 0;) {
      day += Math.max(1, Math.round((-Math.log(1 - random()) * 365.25) / perYear));
      if (day > LAST_DAY) return;
      what(day);
    }
  };
  const monthly = (list: string, since: number) => {
    for (let day = since; day <= LAST_DAY; day += 26 + Math.floor(random() * 6))
      if (random() < 0.95) put(list, day);
  };
  const onset = () => from + Math.floor(random() * (LAST_DAY - from));
  const about = (middle: number, spread: number) => middle + (random() + random() + random() - 1.5) * spread;

  const hypertensive = random() < Math.max(0, (age - 25) / 110);
  const diabetic = random() < Math.max(0, (age - 25) / 450);
  const begun = onset();
  if (hypertensive) {
    put("hypertension", begun);
    if (random() < 0.3) put("hypertension", begun + 400);
    if (random() < 0.03) put("hypertension-resolved", begun + 900);
  }
  if (diabetic) {
    put("diabetes", begun);
    often(0.3, begun, (day) => put("diabetes", day));
    if (random() < 0.04) put("diabetes-resolved", begun + 1500);
    if (random() < 0.1) put("indicator-declined", begun + 700);
  }
  const chronic = hypertensive || diabetic;
  const middleAged = age > 40;

  often(2 + age / 14, from, (day) => put("consultation", day));
  often(chronic ? 2.5 : middleAged ? 0.6 : 0.15, from, (day) => {
    put("systolic", day, Math.round(about(hypertensive ? 139 : 126, 20)), "mmHg");
    if (random() < 0.98) put("diastolic", day, Math.round(about(hypertensive ? 84 : 76, 12)), "mmHg");
  });
  const glycaemia = diabetic ? about(58, 18) : about(39, 5);
  often(diabetic ? 2 : middleAged ? 0.3 : 0.03, from, (day) => {
    const value = Math.round(about(glycaemia, 5));
    if (random() < 0.05) put("hba1c", day, Math.round((value / 10.929 + 2.15) * 10) / 10, "%");
    else put("hba1c", day, value, random() < 0.1 ? "" : "mmol/mol", random() < 0.002 ? 1 : 0);
  });
  const checks = diabetic ? 1.3 : chronic ? 0.8 : middleAged ? 0.2 : 0.02;
  often(checks, from, (day) => put("cholesterol", day, Math.round(about(4.8, 1) * 10) / 10, "mmol/L"));
  often(checks, from, (day) => put("creatinine", day, Math.round(about(82, 18)), "umol/L"));
  const filtration = about(95 - Math.max(0, age - 40), 15);
  often(checks * 1.2, from, (day) => put("egfr", day, Math.round(about(filtration, 8)), "mL/min/1.73m2"));
  often(diabetic ? 1 : 0.02, from, (day) =>
    put("albumin-ratio", day, Math.round(about(3, 2) * 10) / 10, "mg/mmol"),
  );
  if (diabetic) often(1.1, begun, (day) => put("foot-check", day));
  often(checks, from, (day) => put("body-mass-index", day, Math.round(about(27, 4) * 10) / 10, "kg/m2"));
  often(chronic ? 1 : 0.4, from, (day) => put("smoking-status", day));
  if (filtration < 58 && random() < 0.7) put("chronic-kidney-disease", onset());

  if (random() < (diabetic ? 0.7 : hypertensive ? 0.35 : 0.03))
    monthly("statin", begun + Math.floor(random() * 200));
  if (random() < 0.05 + age / 700) monthly("gastroprotection", onset());
  if (random() < 0.12) often(3, from, (day) => put("nsaid", day));
  if (random() < 0.006) {
    const started = onset();
    monthly("methotrexate", started);
    often(3.5, started, (day) => put("liver-function", day));
  }
  often(checks, from, (day) => put("liver-function", day));
  if (age > 65 || random() < 0.2) {
    for (let year = 0; year < YEARS; year++) {
      const october = LAST_DAY - 365 * year - 365 + Math.floor(random() * 60);
      if (random() < 0.75) put("flu-vaccination", october);
    }
  }

  events.sort((a, b) => a.day - b.day);
  const joined = random() < 0.75 ? from : onset();
  const left = random() < 0.08 ? joined + Math.floor(random() * (LAST_DAY - joined)) : null;
  const back = left !== null && random() < 0.2 ? left + 30 : null;
  return {
    sex: random() < 0.5 ? 0 : 1,
    birthDay,
    deathDay: random() < Math.max(0, (age - 60) / 800) ? onset() : null,
    deprivationFifth: 1 + Math.floor(random() * 5),
    registrations: [{ start: joined, end: left }, ...(back === null ? [] : [{ start: back, end: null }])],
    events,
  };
}
