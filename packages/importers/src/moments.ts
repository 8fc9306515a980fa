/** Moments as extracts write them, by the clock of the system that made them: a day, or a day with a time. */
import { dayOfText } from "./fields.js";

/** The day of a moment. */
export function dayOfMoment(moment: string): number {
  return dayOfText(moment.slice(0, 10));
}

/** The last day that was over at a moment: the day itself where it has no time, or its time is the day's last minute. */
export function lastWholeDay(moment: string): number {
  const time = moment.slice(11);
  return dayOfMoment(moment) - (time === "" || time >= "23:59" ? 0 : 1);
}
