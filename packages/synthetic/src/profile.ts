/**
 * The profile of an invented practice: whom it serves, how it codes, how it organises recall, and how well it does,
 * which drifts over the years. Names belong to no practice of England's 2023/24 list.
 */
import { RandomStream } from "./random.js";

/** Parts of care in which practices differ on their own. */
export const THEMES = [
  "blood-pressure", "diabetes", "heart", "lungs", "mind", "kidneys", "vaccines", "safety", "monitoring", "antibiotics",
] as const; // prettier-ignore
export type Theme = (typeof THEMES)[number];

/** Quality on the logit scale: 0 is the usual practice today, 0.5 is 62 % where the usual is 50 %. */
interface Quality {
  readonly level: number;
  readonly drift: number; // a year; the level is today's
}

export interface Profile {
  readonly name: string;
  readonly code: string;
  /** Shares of the list in deprivation fifths 1 (most deprived) to 5. */
  readonly deprivation: readonly number[];
  /** Above 0 an older list than England's, below a younger. */
  readonly ageTilt: number;
  /** Shares of white, mixed, Asian, Black and other. */
  readonly ethnicity: readonly number[];
  readonly ethnicityUnknown: number;
  /** The code system before SNOMED CT. */
  readonly legacySystem: "read2" | "ctv3";
  /** Share of entries of 2017 in the old codes, and of those from 2021 on. */
  readonly legacyBefore: number;
  readonly legacyStill: number;
  readonly quality: Readonly<Record<Theme, Quality>>;
  /** How much illness beyond what age and deprivation explain, on the logit scale. */
  readonly morbidity: number;
  /** Share of contacts with a patient's usual clinician. */
  readonly continuity: number;
  readonly contacts: number; // times the usual rate
  readonly recall: "birth-month" | "before-april";
  readonly issueDays: 28 | 56;
  /** How often the usual code of a concept is chosen; the rest go to its siblings. */
  readonly usualCode: number;
  readonly unitMissing: number;
  readonly percentHba1c: number;
  readonly declines: number; // times the usual rate of declined and excepted entries
  readonly doctors: number;
  readonly nurses: number;
}

interface Character {
  readonly patients: number; // in the demonstration
  readonly ageTilt: number;
  readonly deprivation: readonly number[];
  readonly ethnicity: readonly number[];
  readonly strong: readonly Theme[];
  readonly weak: readonly Theme[];
  readonly improving: readonly Theme[];
}

const MIXED = [0.2, 0.2, 0.2, 0.2, 0.2];
const POOR = [0.52, 0.25, 0.13, 0.07, 0.03];
const COMFORTABLE = [0.04, 0.1, 0.19, 0.3, 0.37];
const COUNTY = [0.95, 0.01, 0.025, 0.005, 0.01];
const TOWN = [0.82, 0.025, 0.09, 0.045, 0.02];
const CITY = [0.47, 0.06, 0.25, 0.17, 0.05];

/** The eight practices of the demonstration: a county town and the country and city around it. */
export const PRACTICES: Readonly<Record<string, Character>> = {
  "Stonegarth Surgery": { patients: 8200, ageTilt: 0.15, deprivation: MIXED, ethnicity: TOWN, strong: ["blood-pressure"], weak: ["mind"], improving: ["diabetes"] },
  "Larkrigg Medical Practice": { patients: 11800, ageTilt: -0.1, deprivation: [0.3, 0.26, 0.2, 0.14, 0.1], ethnicity: CITY, strong: ["diabetes"], weak: ["vaccines"], improving: ["blood-pressure"] },
  "Tarnfell Health Centre": { patients: 5600, ageTilt: 0.4, deprivation: COMFORTABLE, ethnicity: COUNTY, strong: ["vaccines", "heart"], weak: [], improving: ["kidneys"] },
  "Quarry Brow Surgery": { patients: 6900, ageTilt: 0, deprivation: POOR, ethnicity: TOWN, strong: ["lungs"], weak: ["vaccines", "monitoring"], improving: ["safety"] },
  "Whinbeck Group Practice": { patients: 12000, ageTilt: 0.2, deprivation: [0.1, 0.17, 0.23, 0.26, 0.24], ethnicity: TOWN, strong: ["monitoring"], weak: ["antibiotics"], improving: ["vaccines"] },
  "Drovers Gate Surgery": { patients: 3000, ageTilt: 0.35, deprivation: [0.05, 0.15, 0.35, 0.3, 0.15], ethnicity: COUNTY, strong: ["mind", "antibiotics"], weak: ["kidneys"], improving: [] },
  "Cairnholm Road Practice": { patients: 9400, ageTilt: -0.5, deprivation: [0.34, 0.28, 0.2, 0.11, 0.07], ethnicity: CITY, strong: ["safety"], weak: ["blood-pressure", "heart"], improving: ["mind"] },
  "Saltersyke Medical Centre": { patients: 4300, ageTilt: 0.05, deprivation: [0.26, 0.24, 0.2, 0.17, 0.13], ethnicity: TOWN, strong: [], weak: ["diabetes"], improving: ["lungs"] },
}; // prettier-ignore

/** The profile of a name, the same each time; a name that is not one of the eight gets one invented. */
export function profileOf(name: string): Profile {
  const random = new RandomStream("practice", name);
  const position = Object.keys(PRACTICES).indexOf(name);
  const character = PRACTICES[name] ?? invented(random);
  const quality = Object.fromEntries(THEMES.map((theme) => [theme, qualityOf(theme, character, random)]));
  return {
    name,
    code: position >= 0 ? `INV${String(position + 1).padStart(3, "0")}` : `INV${random.between(100, 999)}`,
    deprivation: character.deprivation,
    ageTilt: character.ageTilt,
    ethnicity: character.ethnicity,
    ethnicityUnknown: 0.04 + 0.14 * random.unit(),
    legacySystem: random.chance(0.55) ? "read2" : "ctv3",
    legacyBefore: 0.6 + 0.3 * random.unit(),
    legacyStill: 0.01 + 0.03 * random.unit(),
    quality: quality as Record<Theme, Quality>,
    morbidity: 0.1 * random.normal(),
    continuity: 0.35 + 0.4 * random.unit(),
    contacts: 0.8 + 0.45 * random.unit(),
    recall: random.chance(0.5) ? "birth-month" : "before-april",
    issueDays: random.chance(0.6) ? 28 : 56,
    usualCode: 0.65 + 0.3 * random.unit(),
    unitMissing: 0.01 + 0.05 * random.unit(),
    percentHba1c: 0.02 + 0.03 * random.unit(),
    declines: 0.5 + 1.2 * random.unit(),
    doctors: 4 + random.below(6),
    nurses: 2 + random.below(4),
  };
}

function invented(random: RandomStream): Character {
  const tilt = 0.35 * random.normal();
  const slope = random.normal();
  const deprivation = [-2, -1, 0, 1, 2].map((step) => Math.exp(0.4 * slope * step));
  const total = deprivation.reduce((sum, each) => sum + each, 0);
  const themes = [...THEMES];
  const draw = (): Theme => themes.splice(random.below(themes.length), 1)[0] ?? "heart";
  return {
    patients: random.between(3000, 12_000),
    ageTilt: tilt,
    deprivation: deprivation.map((each) => each / total),
    ethnicity: random.pick([COUNTY, TOWN, TOWN, CITY]),
    strong: [draw()],
    weak: [draw()],
    improving: [draw()],
  };
}

function qualityOf(theme: Theme, character: Character, random: RandomStream): Quality {
  const nudge = character.strong.includes(theme) ? 0.45 : character.weak.includes(theme) ? -0.5 : 0;
  const drift = character.improving.includes(theme) ? 0.12 : 0.035 * random.normal();
  return { level: nudge + 0.2 * random.normal(), drift };
}

/** Clinicians as they appear in the record: doctors first, then nurses and pharmacists. */
export function cliniciansOf(profile: Profile): string[] {
  const named = (letters: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${letters}${i + 1}`);
  return [...named("GP", profile.doctors), ...named("PN", profile.nurses), "PH1"];
}
