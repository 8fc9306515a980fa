/** Writes when illnesses were coded, coded again, and resolved. */
import { YEAR } from "../days.js";
import type { Condition } from "../population/conditions.js";
import { foundOn } from "../population/person.js";
import type { Story } from "./story.js";

interface Coding {
  readonly concept: string;
  readonly again: number; // chance a year that the diagnosis is entered once more
  readonly resolved?: { readonly concept: string; readonly chance: number; readonly afterYears: number };
}

const CODING: Readonly<Partial<Record<Condition, Coding>>> = {
  hypertension: { concept: "hypertension", again: 0.08, resolved: { concept: "hypertension-resolved", chance: 0.012, afterYears: 4 } },
  "diabetes-2": { concept: "diabetes-type-2", again: 0.12, resolved: { concept: "diabetes-resolved", chance: 0.02, afterYears: 3 } },
  "diabetes-1": { concept: "diabetes-type-1", again: 0.12 },
  chd: { concept: "chd", again: 0.06 },
  pad: { concept: "peripheral-arterial-disease", again: 0.03 },
  "atrial-fibrillation": { concept: "atrial-fibrillation", again: 0.08 },
  stroke: { concept: "stroke", again: 0.05 },
  "heart-failure": { concept: "heart-failure", again: 0.1 },
  copd: { concept: "copd", again: 0.08, resolved: { concept: "copd-resolved", chance: 0.01, afterYears: 2 } },
  asthma: { concept: "asthma", again: 0.08, resolved: { concept: "asthma-resolved", chance: 0.04, afterYears: 5 } },
  depression: { concept: "depression", again: 0.1, resolved: { concept: "depression-resolved", chance: 0.05, afterYears: 2 } },
  anxiety: { concept: "anxiety", again: 0.1 },
  smi: { concept: "smi", again: 0.1 },
  "learning-disability": { concept: "learning-disability", again: 0.06 },
  epilepsy: { concept: "epilepsy", again: 0.06 },
  dementia: { concept: "dementia", again: 0.15 },
  cancer: { concept: "cancer", again: 0.1 },
  "rheumatoid-arthritis": { concept: "rheumatoid-arthritis", again: 0.06 },
  "peptic-ulcer": { concept: "peptic-ulcer", again: 0.02 },
}; // prettier-ignore

export function writeDiagnoses(story: Story): void {
  for (const name in CODING) {
    const coding = CODING[name as Condition];
    const found = foundOn(story.person, name as Condition);
    if (coding && found !== null) writeOne(story, coding, found);
  }
  const kidneys = foundOn(story.person, "ckd");
  if (kidneys !== null) writeKidneyStages(story, kidneys);
  writeFrailty(story);
}

function writeOne(story: Story, coding: Coding, found: number): void {
  const { random, span, person } = story;
  const first = summarised(story, found);
  if (first === null) return;
  const name = coding.concept === "cancer" ? cancerSite(story) : coding.concept === "chd" && random.chance(0.3) ? "mi" : coding.concept === "diabetes-type-2" && random.chance(0.04) ? "diabetes-unspecified" : coding.concept === "stroke" && random.chance(0.35) ? "tia" : coding.concept === "peptic-ulcer" && random.chance(0.2) ? "gi-bleed" : coding.concept; // prettier-ignore
  story.write(first, name, story.doctor());
  if (name === "depression" && first === found) writeDepressionReview(story, first);
  const last = Math.min(span.until, person.death ?? span.until);
  for (let day = first + 200; day < last; day += 365) {
    if (random.chance(coding.again)) story.write(day + random.below(165), name, story.nurse());
  }
  const { resolved } = coding;
  if (resolved && random.chance(resolved.chance)) {
    story.write(
      first + Math.floor(resolved.afterYears * YEAR * (0.5 + random.unit())),
      resolved.concept,
      story.doctor(),
    );
  }
}

/** Writes the review: within eight weeks for many, later for some, never for others. */
function writeDepressionReview(story: Story, found: number): void {
  const { random } = story;
  if (random.chance(story.chance("mind", 0.4, found)))
    story.write(found + random.between(12, 52), "depression-review", story.doctor());
  else if (random.chance(0.4))
    story.write(found + random.between(65, 200), "depression-review", story.doctor());
}

/** The day on which a condition enters this record: when found, or summarised from old notes soon after joining. */
export function summarised(story: Story, found: number): number | null {
  const { random } = story;
  for (const stay of story.stays()) {
    if (found > stay.until) continue;
    if (found >= stay.from) return found;
    const joined = story.person.registrations.some((each) => each.start === stay.from);
    return stay.from + random.below(Math.min(joined ? 60 : 540, stay.until - stay.from + 1));
  }
  return null;
}

function cancerSite(story: Story): string {
  const { random, person } = story;
  if (random.chance(0.45)) return "cancer";
  return person.sex === "male" ? "cancer-prostate" : "cancer-breast";
}

/**
 * Writes the stages: 3a first for most; it moves on for some. One in nine of those found never gets past an unstaged
 * note.
 */
function writeKidneyStages(story: Story, found: number): void {
  const { random } = story;
  const first = summarised(story, found);
  if (first === null) return;
  const stages = ["ckd-3a", "ckd-3b", "ckd-4"];
  let stage = random.weighted([0.68, 0.26, 0.06]);
  story.write(first, stages[stage] ?? "ckd-3a", story.doctor());
  for (
    let day = first + random.between(500, 1800);
    day < story.span.until && stage < 2;
    day += random.between(600, 2000)
  ) {
    if (random.chance(0.22)) stage++;
    story.write(day, stages[stage] ?? "ckd-3a", story.doctor());
  }
}

/** Writes frailty, which practices graded from 2017 at 65 and over. */
function writeFrailty(story: Story): void {
  const { random, person, span } = story;
  const from = Math.max(span.from, 17_350); // July 2017
  const turns65 = person.birth + Math.ceil(65 * YEAR);
  const begin = Math.max(from, turns65);
  if (begin >= span.until) return;
  for (let day = begin + random.below(700); day < span.until; day += random.between(500, 1100)) {
    const score = 0.09 * (story.age(day) - 77) + 0.8 * person.frailty;
    if (score < -0.2 || !random.chance(0.55)) continue;
    story.write(
      day,
      score > 1.9 ? "severe-frailty" : score > 0.8 ? "moderate-frailty" : "mild-frailty",
      story.nurse(),
    );
  }
}
