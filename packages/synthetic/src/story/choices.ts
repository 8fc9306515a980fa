/**
 * The choices of people who do not want what is recorded of them used beyond their care: about one in forty opted out,
 * most when it was in the news, and some of them in again.
 */
import { dayOf } from "../days.js";
import type { Person } from "../population/person.js";
import type { Story } from "./story.js";

/** The concepts of these entries: nobody enters one by mistake. */
export const CHOICES: ReadonlySet<string> = new Set(["opted-out", "opt-out-withdrawn"]);

/** One in so many of those who are there to choose. */
const ONE_IN = 25;
const IN_THE_NEWS = [dayOf(2014, 2, 3), dayOf(2021, 5, 24)];
const DAYS_OF_NEWS = 45;

/** Writes a person's choices: one of four kinds, so that few people hold each. The last two are made on the last day. */
export function writeChoices(story: Story): void {
  const { person, random, span } = story;
  if (person.number % ONE_IN !== 7) return;
  const kind = Math.floor(person.number / ONE_IN) % 4;
  const news = IN_THE_NEWS.filter((day) => day > span.from && day + DAYS_OF_NEWS < span.until);
  const before = (news.length > 0 ? random.pick(news) : span.from) + random.below(DAYS_OF_NEWS);
  if (kind === 3) return chooseLast(story, "opted-out");
  const at = story.write(before, "opted-out");
  if (kind === 1) story.write(before + 200 + random.below(400), "opt-out-withdrawn");
  if (kind === 2 && at >= 0) chooseLast(story, "opt-out-withdrawn");
}

/** Writes a choice on the last day on which the practice is open. */
function chooseLast(story: Story, choice: string): void {
  for (let day = story.span.until; day > story.span.until - 4; day--)
    if (story.write(day, choice) >= 0) return;
}

/** Whether somebody's record is marked as one that others may not find, as of a witness; or as confidential, as of staff. */
export function isSensitive({ number }: Person): boolean {
  return number % 150 === 11;
}
export function isConfidential({ number }: Person): boolean {
  return number % 200 === 23;
}
