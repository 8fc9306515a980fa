/**
 * Writes vaccinations. Autumn: influenza for the old, the ill and the young. Once: measles twice in childhood,
 * pneumococcus at 65, shingles from 70.
 */
import { dayOf, YEAR, yearOf } from "../days.js";
import { logistic, logit } from "../random.js";
import type { Condition } from "../population/conditions.js";
import { summarised } from "./diagnoses.js";
import type { Story } from "./story.js";

const AT_RISK: readonly Condition[] = ["diabetes-2", "diabetes-1", "chd", "stroke", "heart-failure", "ckd", "copd", "asthma", "learning-disability", "dementia"]; // prettier-ignore
const UPTAKE_OF_GROUP = { white: 0, mixed: -0.5, asian: -0.45, black: -1, other: -0.6 } as const;

export function writeVaccines(story: Story): void {
  const { person, random, span } = story;
  const keen = 1.1 * random.normal(); // the same people come each year
  for (
    let year = Math.max(yearOf(span.from), yearOf(story.detail.from) - 1);
    year <= yearOf(span.until);
    year++
  ) {
    const day = season(story, year);
    const usual = uptake(story, day);
    if (usual === 0) continue;
    const group = person.ethnicGroup === null ? 0 : UPTAKE_OF_GROUP[person.ethnicGroup];
    const place = 0.12 * ((person.fifth ?? 3) - 3) + story.skill("vaccines", day);
    if (random.chance(logistic(logit(usual) + keen + group + place))) {
      story.write(day, "flu-vaccine-given", random.chance(0.8) ? story.nurse() : story.doctor());
    }
  }
  writeOnce(story, "pneumococcal-vaccine", person.birth + Math.floor(65 * YEAR) + random.below(900), 0.74);
  writeShingles(story);
  writeMeasles(story);
}

/** Writes one vaccination of a life, as given or as it came with the old notes. */
function writeOnce(story: Story, name: string, day: number, usual: number): void {
  const { random, person } = story;
  const entered = summarised(story, day);
  if (entered === null) return;
  const place = 0.1 * ((person.fifth ?? 3) - 3) + story.skill("vaccines", entered);
  if (random.chance(logistic(logit(usual) + place))) story.write(entered, name, story.nurse());
}

/** Writes shingles: from September 2013 at 70; those who were older then caught up until 80. */
function writeShingles(story: Story): void {
  const { person, random } = story;
  const began = dayOf(2013, 9, 1);
  if (person.birth + Math.floor(80 * YEAR) < began) return;
  const offered = Math.max(began, person.birth + Math.floor(70 * YEAR));
  writeOnce(story, "shingles-vaccine", offered + random.below(1200), 0.82);
}

/** Writes measles: soon after the first birthday, and before school. */
function writeMeasles(story: Story): void {
  const { person, random, span } = story;
  if (person.birth < span.from - Math.floor(6 * YEAR)) return;
  const place = 0.15 * ((person.fifth ?? 3) - 3) + story.skill("vaccines", span.until);
  const first = summarised(story, person.birth + random.between(370, 460));
  if (first === null || !random.chance(logistic(logit(0.91) + place))) return;
  story.write(first, "mmr-vaccine", story.nurse());
  const second = summarised(story, person.birth + random.between(1220, 1400));
  if (second === null || !random.chance(logistic(logit(0.93) + place))) return;
  story.write(Math.max(second, first + 35), "mmr-vaccine", story.nurse());
}

/** The usual uptake of the group that a person is in that autumn; 0 outside every group. */
function uptake(story: Story, day: number): number {
  const age = story.age(day);
  if (age >= 65) return 0.86;
  if (AT_RISK.some((illness) => story.has(illness, day))) return age >= 16 ? 0.5 : 0.42;
  if (age === 2 || age === 3) return 0.45;
  if (age >= 50 && day > dayOf(2020, 9, 1) && day < dayOf(2023, 4, 1)) return 0.42;
  return age > 17 ? 0.02 : 0;
}

/** Draws a day of the season: from mid September, most by the end of October, a tail into February. */
function season(story: Story, year: number): number {
  return dayOf(year, 9, 14) + Math.min(165, Math.floor(story.random.exponential(28)));
}
