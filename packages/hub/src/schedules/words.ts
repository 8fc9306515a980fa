/** Schedules in words: the command line prints these, one line each. */
import { counted } from "../operator/status-text.js";
import { longMoment } from "@cairn/text";
import type { PeriodLength } from "../store/tables.js";
import type { LaterMember, ListedSchedule } from "./list.js";
import type { AddedSchedule } from "./schedules.js";

/** A new schedule in words: its queries, whom it asks, and when it asks again. */
export function addedWords(added: AddedSchedule): string[] {
  const { schedule, group, every, queries, dates, practices, askedAlready, nextDue, timezone } = added;
  const left = askedAlready.map(
    (one) =>
      `${group} is asked ${one.query} for these dates already, by schedule ${one.schedule}: nobody is asked twice, and who joins later is asked for past dates too.`,
  );
  const again =
    nextDue === null ? null : `asks again on ${longMoment(nextDue, timezone)}, and then after each ${every}.`;
  if (!added.added) {
    const known = again === null ? [] : [`Schedule ${schedule} ${again}`];
    return [...left, "No schedule was added: see cairn schedule list.", ...known];
  }
  const next = again === null ? "It asks once, and not again." : `It ${again}`;
  return [
    `Schedule ${schedule} asks ${group} for ${queries.join(", ")}: ${periods(dates, every)}, of ${counted(practices, "practice")} now.`,
    next,
    "A practice that joins later is asked for the past dates too.",
    ...left,
  ];
}

/** Words where nobody is asked; null where somebody is. */
export function nobodyWords({ added, group, practices }: AddedSchedule): string | null {
  if (!added || practices > 0) return null;
  return `no practice of ${group} is admitted yet, so nobody is asked now: each is when it is admitted (see cairn hub admit --list)`;
}

/** A schedule in the list: the first line is the schedule, the others what it has asked. */
export function listedWords(one: ListedSchedule): string[] {
  const head = `${one.id}  ${one.group}  every ${one.every}  ${nextWords(one)}  ${one.queries.join(", ")}`;
  const asked = one.asked.dates
    ? `asked for ${datesWords(one.asked)}, of ${counted(one.practices, "practice")}`
    : "nothing asked yet";
  return [
    head,
    `   ${asked}`,
    ...(one.fault === null ? [] : [`   could not ask, and is tried again within the hour: ${one.fault}`]),
    ...one.joined.map((practice) => `   ${joinedWords(practice, one.timezone)}`),
    ...one.skipped.map((skip) => `   skipped ${skip.due}: ${skip.reason}`),
  ];
}

function nextWords({ paused, nextDue, timezone, asked }: ListedSchedule): string {
  if (paused) return "paused";
  if (nextDue === null) return "asks no more";
  if (asked.dates === 0) return "asks first when the hub runs";
  return `next ${longMoment(nextDue, timezone)}`;
}

function joinedWords({ practice, at, asked, ownLine, notAsked }: LaterMember, timezone: string): string {
  const not = "practices do not answer that far back, or the query has a newer version since";
  return [
    at === null
      ? `${practice} joined later`
      : `${practice} joined later, and was asked on ${longMoment(at, timezone)} for ${datesWords(asked)}`,
    ...(ownLine.dates > 0
      ? [
          `the group's figures for ${datesWords(ownLine)} had been made and stay as they are, beside its own line`,
        ]
      : []),
    ...(notAsked.dates > 0 ? [`not asked for ${datesWords(notAsked)}: ${not}`] : []),
  ].join("; ");
}

function datesWords({ dates, from, to }: ListedSchedule["asked"]): string {
  return dates === 1 ? `${from}` : `${dates} dates from ${from} to ${to}`;
}

function periods(dates: readonly string[], every: PeriodLength): string {
  const [from, to] = [dates[0], dates.at(-1)];
  return dates.length === 1 ? `the ${every} to ${to}` : `${dates.length} ${every}s, ${from} to ${to}`;
}
