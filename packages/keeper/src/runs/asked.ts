/** Dates are the query's: only the ends of its own periods are answered, so that a hub cannot choose a day. */
import { periodEnds, type Query } from "@cairn/query-library";
import type { Refusal } from "../history/lost.js";
import { SETTLE_DAYS } from "./states.js";

const DAY_MS = 86_400_000;

/** Tells why a reference date is not one of a query's; null where it is. */
export type DateGuard = typeof whyNotAsked;

/**
 * @returns why a reference date is not one of the query's, or null. A period is asked from its last day on (and waits
 * for its records), a day early where the hub's clock or time zone is ahead. Counting back begins at the newest date
 * that is due, which is one whose settle time is over: the oldest is asked until the newest can be answered in its
 * place.
 * @param now milliseconds since 1970, the keeper's clock
 */
export function whyNotAsked(query: Query, referenceDate: string, now: number): Refusal | null {
  const { every, count } = query.periods;
  const [oldest = ""] = periodEnds(every, count, day(now - SETTLE_DAYS * DAY_MS));
  const isEnd = periodEnds(every, 1, referenceDate)[0] === referenceDate;
  if (isEnd && referenceDate >= oldest && referenceDate <= day(now + DAY_MS)) return null;
  return {
    code: "date-not-asked",
    words: `${query.query} asks for the ends of ${count} ${every === "month" ? "months" : `${every}s`}, from ${oldest} on and none to come: ${referenceDate} is not one`,
  };
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
