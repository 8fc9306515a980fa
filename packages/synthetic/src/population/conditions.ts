/**
 * Draws the conditions of each person.
 *
 * Each condition has a share of people at each age, moved on the logit scale by sex, deprivation, a person's own
 * frailty (which is what makes illnesses come together) and the illnesses that lead to it. `shift` brings the whole
 * to the prevalence that England's practices recorded: Quality and Outcomes Framework 2023-24, NHS England, published
 * August 2024, per cent of the register's list. Conditions without a register of their own say so.
 */
import type { RandomStream } from "../random.js";
import { logistic, logit } from "../random.js";

export const CONDITIONS = [
  "hypertension", "diabetes-2", "diabetes-1", "chd", "pad", "atrial-fibrillation", "stroke", "heart-failure", "ckd",
  "copd", "asthma", "depression", "anxiety", "smi", "learning-disability", "epilepsy", "dementia", "cancer",
  "rheumatoid-arthritis", "peptic-ulcer", "joint-pain", "hidden-diabetes", "hidden-ckd", "hidden-hypertension",
] as const; // prettier-ignore
export type Condition = (typeof CONDITIONS)[number];

interface Published {
  readonly percent: number;
  readonly ofAge: number; // the register's list begins at this age
  readonly source: string;
}

interface Shape {
  /** Share at ages 0, 10, 20 ... 90. */
  readonly ages: readonly number[];
  readonly shift: number;
  readonly female: number;
  readonly deprived: number; // a fifth
  readonly frailty: number;
  readonly smoker?: number;
  readonly after?: Readonly<Partial<Record<Condition, number>>>;
  readonly meanYears: number; // since diagnosis, at most as long as the person lived past `youngest`
  readonly youngest: number;
  readonly published: Published | null;
}

const qof = (percent: number, ofAge = 0): Published => ({ percent, ofAge, source: "QOF 2023-24, England" });

export const SHAPES: Readonly<Record<Condition, Shape>> = {
  hypertension: { ages: [0, 0, 0.004, 0.02, 0.07, 0.19, 0.33, 0.48, 0.57, 0.55], shift: -0.25, female: -0.1, deprived: 0.07, frailty: 0.35, meanYears: 19, youngest: 25, published: qof(14.8) },
  "diabetes-2": { ages: [0, 0.0003, 0.003, 0.014, 0.045, 0.1, 0.145, 0.185, 0.19, 0.15], shift: -0.56, female: -0.3, deprived: 0.17, frailty: 0.45, after: { hypertension: 0.85 }, meanYears: 17, youngest: 25, published: qof(7.1, 17) },
  "diabetes-1": { ages: [0.0008, 0.003, 0.005, 0.006, 0.006, 0.006, 0.005, 0.004, 0.003, 0.002], shift: 0.34, female: -0.15, deprived: 0, frailty: 0.1, meanYears: 31, youngest: 2, published: qof(0.6, 17) },
  chd: { ages: [0, 0, 0.0002, 0.001, 0.006, 0.027, 0.065, 0.12, 0.17, 0.18], shift: -0.7, female: -0.75, deprived: 0.12, frailty: 0.5, smoker: 0.5, after: { hypertension: 0.6, "diabetes-2": 0.6 }, meanYears: 17, youngest: 35, published: qof(3.0) },
  pad: { ages: [0, 0, 0, 0.0003, 0.001, 0.004, 0.013, 0.027, 0.036, 0.035], shift: -1.03, female: -0.6, deprived: 0.2, frailty: 0.5, smoker: 1, after: { "diabetes-2": 0.5, chd: 0.7 }, meanYears: 13, youngest: 45, published: qof(0.6) },
  "atrial-fibrillation": { ages: [0, 0, 0.0003, 0.001, 0.004, 0.013, 0.037, 0.09, 0.17, 0.21], shift: -0.49, female: -0.45, deprived: -0.01, frailty: 0.3, after: { hypertension: 0.5, chd: 0.4 }, meanYears: 13, youngest: 40, published: qof(2.2) },
  stroke: { ages: [0, 0.0002, 0.0006, 0.002, 0.006, 0.016, 0.036, 0.07, 0.12, 0.14], shift: -0.83, female: -0.2, deprived: 0.12, frailty: 0.4, smoker: 0.4, after: { hypertension: 0.5, "atrial-fibrillation": 0.6 }, meanYears: 15, youngest: 40, published: qof(1.9) },
  "heart-failure": { ages: [0, 0, 0.0002, 0.0006, 0.002, 0.006, 0.015, 0.034, 0.075, 0.12], shift: -0.71, female: -0.4, deprived: 0.15, frailty: 0.5, after: { chd: 1.3, "atrial-fibrillation": 1.1, "diabetes-2": 0.4 }, meanYears: 6, youngest: 45, published: qof(1.1) },
  ckd: { ages: [0, 0, 0.001, 0.003, 0.01, 0.028, 0.07, 0.17, 0.32, 0.4], shift: -1.23, female: 0.15, deprived: 0.04, frailty: 0.35, after: { hypertension: 0.6, "diabetes-2": 0.5, "heart-failure": 0.7 }, meanYears: 13, youngest: 40, published: qof(4.4, 18) },
  copd: { ages: [0, 0, 0, 0.001, 0.006, 0.02, 0.05, 0.075, 0.08, 0.06], shift: -1.54, female: -0.1, deprived: 0.3, frailty: 0.4, smoker: 1.9, meanYears: 15, youngest: 38, published: qof(1.9) },
  asthma: { ages: [0.01, 0.06, 0.06, 0.06, 0.065, 0.07, 0.075, 0.08, 0.07, 0.05], shift: -0.17, female: 0.2, deprived: 0.04, frailty: 0.3, after: { copd: 0.9 }, meanYears: 23, youngest: 4, published: qof(6.5, 6) },
  depression: { ages: [0, 0.002, 0.09, 0.14, 0.16, 0.17, 0.13, 0.1, 0.1, 0.1], shift: -0.44, female: 0.6, deprived: 0.14, frailty: 0.5, after: { chd: 0.3, copd: 0.4 }, meanYears: 15, youngest: 15, published: { percent: 13.2, ofAge: 18, source: "QOF 2022-23, England (not given for 2023-24)" } },
  anxiety: { ages: [0, 0.01, 0.07, 0.09, 0.09, 0.08, 0.07, 0.06, 0.06, 0.05], shift: -0.63, female: 0.7, deprived: 0.1, frailty: 0.4, after: { depression: 1.2 }, meanYears: 13, youngest: 12, published: null },
  smi: { ages: [0, 0.0002, 0.005, 0.011, 0.014, 0.015, 0.013, 0.012, 0.011, 0.008], shift: 0.01, female: -0.1, deprived: 0.3, frailty: 0.2, meanYears: 25, youngest: 17, published: qof(1.0) },
  "learning-disability": { ages: [0.001, 0.006, 0.009, 0.007, 0.006, 0.006, 0.005, 0.003, 0.002, 0.001], shift: 0.28, female: -0.4, deprived: 0.15, frailty: 0, meanYears: 63, youngest: 1, published: qof(0.6) },
  epilepsy: { ages: [0.002, 0.005, 0.007, 0.008, 0.008, 0.009, 0.01, 0.011, 0.011, 0.01], shift: -0.22, female: -0.05, deprived: 0.13, frailty: 0.2, after: { "learning-disability": 2.4, stroke: 1 }, meanYears: 29, youngest: 2, published: qof(0.8, 18) },
  dementia: { ages: [0, 0, 0, 0, 0.0003, 0.001, 0.005, 0.022, 0.095, 0.2], shift: -0.97, female: 0.2, deprived: 0.05, frailty: 0.35, after: { stroke: 0.8 }, meanYears: 5.25, youngest: 58, published: qof(0.8) },
  cancer: { ages: [0.001, 0.001, 0.003, 0.007, 0.018, 0.035, 0.07, 0.11, 0.13, 0.12], shift: -0.19, female: 0.1, deprived: -0.04, frailty: 0.15, smoker: 0.1, meanYears: 13, youngest: 2, published: qof(3.6) },
  "rheumatoid-arthritis": { ages: [0, 0.0002, 0.001, 0.003, 0.006, 0.01, 0.014, 0.017, 0.016, 0.013], shift: -0.69, female: 0.9, deprived: 0.03, frailty: 0.3, meanYears: 21, youngest: 20, published: qof(0.8, 16) },
  "peptic-ulcer": { ages: [0, 0, 0.001, 0.004, 0.01, 0.018, 0.028, 0.035, 0.04, 0.04], shift: -0.2, female: -0.4, deprived: 0.12, frailty: 0.3, smoker: 0.4, meanYears: 19, youngest: 22, published: null },
  "joint-pain": { ages: [0, 0, 0.01, 0.03, 0.08, 0.16, 0.24, 0.3, 0.34, 0.34], shift: -0.37, female: 0.3, deprived: 0.1, frailty: 0.4, meanYears: 15, youngest: 30, published: null },
  "hidden-diabetes": { ages: [0, 0, 0.001, 0.004, 0.008, 0.012, 0.014, 0.014, 0.012, 0.01], shift: -0.15, female: -0.3, deprived: 0.15, frailty: 0.2, meanYears: 4.5, youngest: 25, published: null },
  "hidden-ckd": { ages: [0, 0, 0, 0.0005, 0.002, 0.006, 0.018, 0.05, 0.09, 0.1], shift: -1.0, female: 0.1, deprived: 0.05, frailty: 0.2, after: { hypertension: 0.4 }, meanYears: 6, youngest: 40, published: null },
  "hidden-hypertension": { ages: [0, 0, 0.005, 0.015, 0.03, 0.045, 0.055, 0.06, 0.06, 0.05], shift: 0.09, female: -0.2, deprived: 0.08, frailty: 0, meanYears: 6, youngest: 25, published: null },
}; // prettier-ignore

/** Conditions that exclude a hidden illness: nobody has both. */
const HIDES: Readonly<Partial<Record<Condition, readonly Condition[]>>> = {
  "diabetes-1": ["diabetes-2"],
  "hidden-diabetes": ["diabetes-2", "diabetes-1"],
  "hidden-ckd": ["ckd"],
  "hidden-hypertension": ["hypertension"],
};

interface Constitution {
  readonly age: number; // at the end of what the record tells
  readonly female: boolean;
  readonly fifth: number; // 1 most deprived to 5
  readonly smoker: boolean; // ever
  readonly frailty: number; // standard normal
  readonly morbidity: number; // of the practice
}

/** Years since each condition was found, by position in `CONDITIONS`; negative where the person does not have it. */
export function drawConditions(of: Constitution, random: RandomStream, years: Float64Array): void {
  for (let i = 0; i < CONDITIONS.length; i++) {
    const name = CONDITIONS[i] as Condition;
    const shape = SHAPES[name];
    const lucky = random.unit();
    const since = random.exponential(shape.meanYears);
    years[i] = -1;
    if (of.age < shape.youngest || HIDES[name]?.some((other) => has(years, other))) continue;
    if (lucky >= chanceOf(shape, of, years)) continue;
    const room = of.age - shape.youngest;
    years[i] = since < room ? since : room * (since - Math.floor(since));
  }
}

function chanceOf(shape: Shape, of: Constitution, years: Float64Array): number {
  const usual = atAge(shape.ages, of.age);
  if (usual <= 0) return 0;
  let x = logit(usual) + shape.shift + of.morbidity + (of.female ? shape.female : 0);
  x += shape.deprived * (3 - of.fifth) + shape.frailty * of.frailty;
  if (shape.smoker !== undefined && of.smoker) x += shape.smoker;
  for (const other in shape.after) {
    if (has(years, other as Condition)) x += shape.after[other as Condition] ?? 0;
  }
  return logistic(x);
}

function atAge(shares: readonly number[], age: number): number {
  const at = Math.min(8.999, age / 10);
  const low = Math.floor(at);
  const a = shares[low] ?? 0;
  const b = shares[low + 1] ?? a;
  return a + (b - a) * (at - low);
}

const POSITIONS: Readonly<Record<string, number>> = Object.fromEntries(
  CONDITIONS.map((name, i) => [name, i]),
);

export function positionOf(condition: Condition): number {
  return POSITIONS[condition] ?? -1;
}

function has(years: Float64Array, condition: Condition): boolean {
  return (years[positionOf(condition)] ?? -1) >= 0;
}
