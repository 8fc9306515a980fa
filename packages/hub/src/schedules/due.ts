/** When a schedule is due, without a clock or a database: croner knows zones and both clock changes. */
import { createHash } from "node:crypto";
import { Cron } from "croner";
import { inPlain } from "../enrolment/names.js";
import { HubError } from "../errors.js";
import type { CatchUpRule, PeriodLength } from "../store/tables.js";

/** A moment that came while no hub was running, or one that is due now. */
export interface Firing {
  readonly at: number; // milliseconds since 1970
  readonly skip: string | null; // why it is passed over, null where it is not
}

/** Time in ms after which a firing counts as missed. */
const GRACE_MS = 3_600_000;
/** Most missed firings that are accounted for one by one. */
const MOST_FIRINGS = 10_000;

/** Checks a cron expression. @throws HubError schedule-wrong */
export function checkCron(cron: string, timezone: string): void {
  try {
    if (new Cron(cron, { timezone, paused: true }).nextRun(new Date(0)) === null)
      throw new Error("never due");
  } catch (cause) {
    throw new HubError(
      "schedule-wrong",
      `"${inPlain(cron)}" in ${inPlain(timezone)} is never due: write five fields (minute hour day month weekday) and a zone such as Europe/London`,
      { cause },
    );
  }
}

/** Checks a time zone. @throws HubError schedule-wrong */
export function checkZone(timezone: string): void {
  try {
    dateIn(timezone, 0);
  } catch (cause) {
    throw new HubError("schedule-wrong", "--timezone is a zone such as Europe/London", { cause });
  }
}

/**
 * The default cron expression of a schedule: from 04:00 to 07:59 on the 15th after each period, when the 14 days that
 * records are given to arrive are over; each group at its own minute.
 */
export function usualCron(every: PeriodLength, group: string): string {
  const minute = momentWithin(4 * 60, createHash("sha256").update(group).digest());
  const months = { month: "*", quarter: "1,4,7,10", year: "1" }[every];
  return `${minute % 60} ${4 + Math.floor(minute / 60)} 15 ${months} *`;
}

/** The first moment after `after` at which the expression is due in its zone, or null. */
export function nextDue(cron: string, timezone: string, after: number): number | null {
  return new Cron(cron, { timezone, paused: true }).nextRun(new Date(after))?.getTime() ?? null;
}

/**
 * The decision on every firing from `due` up to now. One that is timely is done. Of those that were missed: `none`
 * does none, `latest` the last, `all` those within the window; each other one is skipped with its reason.
 */
export function firingsUpTo(
  schedule: { cron: string; timezone: string; catchUp: CatchUpRule; catchUpWindow: number },
  due: number,
  now: number,
): { firings: Firing[]; next: number | null } {
  const moments: number[] = [];
  let next: number | null = due;
  while (next !== null && next <= now && moments.length < MOST_FIRINGS) {
    moments.push(next);
    next = nextDue(schedule.cron, schedule.timezone, next);
  }
  const firings = moments.map((at, i) => ({
    at,
    skip: skipReason(schedule, at, i === moments.length - 1, now),
  }));
  return { firings, next };
}

function skipReason(
  { catchUp, catchUpWindow }: { catchUp: CatchUpRule; catchUpWindow: number },
  at: number,
  isLast: boolean,
  now: number,
): string | null {
  if (now - at <= GRACE_MS) return null;
  if (catchUp === "none")
    return "the hub was not running when it was due, and missed ones are not made up for";
  if (catchUp === "latest")
    return isLast ? null : "the hub was not running when it was due; only the latest is made up for";
  return now - at <= catchUpWindow ? null : "it was missed longer ago than missed ones are made up for";
}

/** The calendar date at a moment in a zone, YYYY-MM-DD. */
export function dateIn(timezone: string, at: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: timezone, dateStyle: "short" }).format(at);
}

/** A practice's own moment within the spread: a hash of its identity, so that thousands do not arrive together. */
export function momentWithin(spread: number, hash: Uint8Array): number {
  const fraction = Buffer.from(hash).readUInt32BE(0) / 2 ** 32;
  return Math.floor(fraction * spread);
}

export const EVERY = ["month", "quarter", "year"] as const satisfies readonly PeriodLength[];
export const CATCH_UP = ["none", "latest", "all"] as const satisfies readonly CatchUpRule[];
