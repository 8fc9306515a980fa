/** Writes a person's medicines month by month, their reasons, and the few times when they were not safe. */
import { dayOf, YEAR } from "../days.js";
import type { Condition } from "../population/conditions.js";
import { foundOn } from "../population/person.js";
import type { Story } from "./story.js";

export interface Repeat {
  readonly name: string;
  readonly product: number;
  readonly from: number;
  readonly until: number;
  readonly quantity: number;
  /** Share of the issues that are collected. */
  readonly taken: number;
}

/** A medicine for an illness: the share of those who have it that come to take it. */
type Habit = readonly [medicine: string, share: number, since?: number];

const NOVEMBER_2016 = dayOf(2016, 11, 1);
const HABITS: Readonly<Partial<Record<Condition, readonly Habit[]>>> = {
  hypertension: [["ace-inhibitors", 0.55], ["calcium-channel-blockers", 0.48], ["beta-blockers", 0.06]],
  "diabetes-2": [["metformin", 0.7], ["gliclazide", 0.17], ["sglt2", 0.2, NOVEMBER_2016], ["statins", 0.55], ["ace-inhibitors", 0.3]],
  "diabetes-1": [["statins", 0.4]],
  chd: [["beta-blockers", 0.55], ["ace-inhibitors", 0.4]],
  "atrial-fibrillation": [["beta-blockers", 0.5], ["amiodarone", 0.05]],
  "heart-failure": [["diuretics", 0.68], ["ace-inhibitors", 0.55], ["beta-blockers", 0.45], ["spironolactone", 0.28], ["sglt2", 0.25, dayOf(2021, 3, 1)]],
  ckd: [["ace-inhibitors", 0.15], ["diuretics", 0.06], ["statins", 0.2]],
  copd: [["copd-inhalers", 0.72], ["salbutamol", 0.8], ["inhaled-steroids", 0.3]],
  asthma: [["salbutamol", 0.78], ["inhaled-steroids", 0.76], ["long-acting-beta-agonists", 0.012]],
  smi: [["antipsychotics", 0.68], ["lithium", 0.09]],
  dementia: [["antipsychotics-low-dose", 0.11]],
  "rheumatoid-arthritis": [["methotrexate", 0.38], ["methotrexate-10mg", 0.012], ["sulfasalazine", 0.2], ["azathioprine", 0.06]],
  "peptic-ulcer": [["gastroprotection", 0.5]],
}; // prettier-ignore

/** Plans every repeat medicine, by time. */
export function planRepeats(story: Story): Repeat[] {
  const repeats: Repeat[] = [];
  for (const illness in HABITS) {
    const found = foundOn(story.person, illness as Condition);
    if (found === null) continue;
    for (const [medicine, share, since] of HABITS[illness as Condition] ?? []) {
      if (story.random.chance(share)) start(story, repeats, medicine, Math.max(found, since ?? found), 20);
    }
  }
  bloodThinners(story, repeats);
  heartStatins(story, repeats);
  minds(story, repeats);
  pain(story, repeats);
  stomachs(story, repeats);
  bowels(story, repeats);
  return repeats;
}

/** Medicines for which a blood count or liver test by the way would hide a missed one. */
const BLOOD_WATCHED = ["methotrexate", "methotrexate-10mg", "azathioprine"];

export function bloodWatched(repeats: readonly Repeat[], day?: number): boolean {
  return repeats.some(
    (each) =>
      BLOOD_WATCHED.includes(each.name) && (day === undefined || (each.from <= day && each.until >= day)),
  );
}

export function takes(repeats: readonly Repeat[], medicine: string, day: number): boolean {
  return repeats.some((each) => each.name === medicine && each.from <= day && each.until >= day);
}

/** Issues every `issueEvery` days, a few days out, with gaps for those who forget. */
export function writeIssues(story: Story, repeats: readonly Repeat[]): void {
  const { random, detail, profile } = story;
  const every = Math.max(detail.issueEvery, profile.issueDays);
  for (const repeat of repeats) {
    const inhaler = repeat.quantity === 1;
    const gap = inhaler ? Math.max(every, 42) : every;
    for (const stay of story.stays(Math.max(detail.from, repeat.from))) {
      const last = Math.min(stay.until, repeat.until);
      for (let day = stay.from + random.below(gap); day <= last; day += gap + random.between(-3, 4)) {
        if (random.chance(repeat.taken))
          story.issue(day, repeat.name, inhaler ? 1 : (repeat.quantity * gap) / 28, repeat.product);
      }
    }
  }
}

const ONE_A_MONTH = new Set(["salbutamol", "inhaled-steroids", "long-acting-beta-agonists", "copd-inhalers"]);

function start(
  story: Story,
  repeats: Repeat[],
  name: string,
  day: number,
  delay: number,
  years = Infinity,
): void {
  if (repeats.some((each) => each.name === name)) return;
  const { random } = story;
  const from = day + Math.floor(random.exponential(delay));
  const stopped = random.chance(0.12) ? from + Math.floor(random.exponential(3 * YEAR)) : Infinity;
  const until = Math.min(stopped, from + years * YEAR);
  const quantity = ONE_A_MONTH.has(name) ? 1 : random.chance(0.85) ? 28 : 56;
  const least = name === "inhaled-steroids" ? 0.4 : 0.15;
  const taken = ONE_A_MONTH.has(name)
    ? least + (0.9 - least) * random.unit()
    : Math.min(0.99, 0.9 + 0.05 * story.person.willing);
  repeats.push({ name, product: random.chance(0.6) ? 0 : random.below(6), from, until, quantity, taken });
}

function bloodThinners(story: Story, repeats: Repeat[]): void {
  const { random } = story;
  const fibrillation = foundOn(story.person, "atrial-fibrillation");
  const artery = earliest(story, ["chd", "stroke", "pad"]);
  const thinned = fibrillation !== null && random.chance(story.chance("heart", 0.94, fibrillation, 0));
  if (thinned)
    start(
      story,
      repeats,
      fibrillation < dayOf(2015, 1, 1) || random.chance(0.1) ? "warfarin" : "doac",
      fibrillation,
      30,
    );
  if (artery === null || !random.chance(thinned ? 0.1 : 0.95)) return;
  const clopidogrel = foundOn(story.person, "stroke") !== null || random.chance(0.25);
  start(story, repeats, clopidogrel ? "clopidogrel" : "aspirin", artery, 20);
  // The second one is meant for a year and goes on for some.
  if (random.chance(0.1))
    start(story, repeats, clopidogrel ? "aspirin" : "clopidogrel", artery, 20, 1 + random.exponential(8));
}

/** Plans a statin: soon after a diagnosis of the arteries; for others as prevention. */
function heartStatins(story: Story, repeats: Repeat[]): void {
  const { random, person, span } = story;
  const artery = earliest(story, ["chd", "stroke", "pad"]);
  if (artery !== null && random.chance(story.chance("heart", 0.9, artery, 0))) {
    start(story, repeats, "statins", artery, random.chance(story.chance("heart", 0.8, artery, 0)) ? 18 : 400);
  } else if (story.age(span.until) > 52 && random.chance(0.16)) {
    start(story, repeats, "statins", person.birth + Math.floor((52 + 20 * random.unit()) * YEAR), 10);
  }
}

function minds(story: Story, repeats: Repeat[]): void {
  const { random, person, span } = story;
  const low = foundOn(person, "depression");
  const anxious = foundOn(person, "anxiety");
  if (low !== null && random.chance(0.85)) start(story, repeats, "ssri", low, 15, 1 + random.exponential(45));
  if (low !== null && random.chance(0.16))
    start(story, repeats, "mirtazapine", low, 200, random.exponential(15));
  if (anxious !== null && random.chance(0.55))
    start(story, repeats, "ssri", anxious, 15, random.exponential(30));
  // For hot flushes, pain, or a low mood that nobody coded.
  if (low === null && anxious === null && story.age(span.until) > 25 && random.chance(0.05))
    start(story, repeats, "ssri", span.until - Math.floor(random.exponential(4 * YEAR)), 1);
  const wheezes = foundOn(person, "asthma") !== null;
  if (anxious !== null && random.chance(wheezes ? 0.22 : 0.13)) start(story, repeats, "non-selective-beta-blockers", anxious, 60, random.exponential(5)); // prettier-ignore
  // For migraine or a tremor, by someone who did not look for asthma.
  if (wheezes && random.chance(0.012))
    start(
      story,
      repeats,
      "non-selective-beta-blockers",
      span.until - Math.floor(random.exponential(4 * YEAR)),
      1,
    );
  const fits = foundOn(person, "epilepsy");
  if (fits !== null && random.chance(person.sex === "female" ? 0.14 : 0.3))
    start(story, repeats, "valproate", fits, 20);
}

/** Plans anti-inflammatory medicines: less often where they are risky, and not never. */
function pain(story: Story, repeats: Repeat[]): void {
  const { random, person } = story;
  const sore = earliest(story, ["joint-pain", "rheumatoid-arthritis"]);
  if (sore === null) return;
  const age = story.age(sore);
  let risk = age >= 65 ? 0.24 : 0.3;
  const heart = ["heart-failure", "ckd", "peptic-ulcer", "chd"] as const;
  if (heart.some((each) => foundOn(person, each) !== null)) risk *= 0.5;
  if (repeats.some((each) => each.name === "warfarin" || each.name === "doac")) risk *= 0.3;
  if (random.chance(risk)) start(story, repeats, "nsaids-oral", sore, 100, 2 + random.exponential(10));
  if (random.chance(0.3)) start(story, repeats, "opioids", sore, 300, random.exponential(12));
  if (random.chance(0.008)) start(story, repeats, "opioids-strong", sore, 900, random.exponential(7));
  if (random.chance(0.06)) start(story, repeats, "opioids-long-acting", sore, 600, random.exponential(12));
  if (random.chance(0.14)) start(story, repeats, "amitriptyline", sore, 300, random.exponential(20));
  if (random.chance(0.32)) start(story, repeats, "gabapentinoids", sore, 500, random.exponential(40));
}

/** Plans protection of the stomach: with whatever endangers it, or for its own sake. */
function stomachs(story: Story, repeats: Repeat[]): void {
  const { random, span } = story;
  const danger = repeats.find((each) =>
    ["nsaids-oral", "aspirin", "clopidogrel", "warfarin", "doac"].includes(each.name),
  );
  if (danger) {
    const usual =
      danger.name === "nsaids-oral" ? (story.age(Math.min(danger.from, span.until)) >= 60 ? 0.92 : 0.5) : 0.5;
    if (random.chance(story.chance("safety", usual, danger.from, 0)))
      start(story, repeats, "gastroprotection", danger.from, 12);
  } else if (story.age(span.until) > 35 && random.chance(0.1)) {
    start(story, repeats, "gastroprotection", span.until - Math.floor(random.exponential(6 * YEAR)), 1);
  }
}

/** Plans medicines for inflammation of the bowel, which the record does not otherwise mention. */
function bowels(story: Story, repeats: Repeat[]): void {
  const { random, span } = story;
  if (story.age(span.until) > 20 && random.chance(0.004))
    start(story, repeats, "azathioprine", span.until - Math.floor(random.exponential(5 * YEAR)), 1);
}

function earliest(story: Story, illnesses: readonly Condition[]): number | null {
  const days = illnesses.map((each) => foundOn(story.person, each)).filter((day) => day !== null);
  return days.length > 0 ? Math.min(...days) : null;
}
