/** What was asked of a practice and did not leave by the end of a period: declined, refused, held and offline are different things. */
import type { UnreadEntry } from "../codec.js";
import type { PracticeEntry } from "../practice-log.js";
import type { GivenFiles } from "./given.js";
import { datesWords, isWithin, type Period } from "./period.js";

type Row = readonly [question: string, dates: string, why: string];

/**
 * @param until entries of the practice's log up to the end of the period
 * @param within those of them in the period
 */
export function unansweredRows(
  given: GivenFiles,
  until: readonly (PracticeEntry | UnreadEntry)[],
  within: readonly PracticeEntry[],
  period: Period,
): Row[] {
  const waiting = questionsNotAccepted(until);
  const declined = within.flatMap((entry): Row[] => {
    if (entry.kind !== "query-declined") return [];
    const { query, group, by } = entry.body;
    const of = group === null ? "every group" : group;
    return [[query, "all", `declined for ${of}, by ${by ?? "nobody named"}`]];
  });
  const told = new Map<string, { question: string; why: string; dates: string[] }>();
  const tell = (question: string, date: string, why: string): void => {
    const row = told.get(`${question} ${why}`) ?? { question, why, dates: [] };
    row.dates.push(date);
    told.set(`${question} ${why}`, row);
  };
  for (const entry of within) {
    if (entry.kind === "run-refused")
      tell(entry.body.query, entry.body.date, `refused by a rule of the program (${entry.body.code})`);
    if (entry.kind === "run-quarantined")
      tell(
        entry.body.query,
        entry.body.date,
        "answering it broke off twice, and it waits for somebody there",
      );
  }
  for (const { query, date, why } of notSent(until, period)) tell(query, date, why);
  for (const { query, date } of unheard(given, until, period))
    tell(
      query,
      date,
      "nothing of it is in this log: its agent was offline, or it waits there for records, witnesses or its turn",
    );
  return [
    ...declined,
    ...waiting.map(({ query, version, group }): Row => [
      `${query} ${version}`,
      "all",
      `waits for a decision for ${group}`,
    ]),
    ...[...told.values()].map(({ question, why, dates }): Row => [question, datesWords(dates), why]),
  ];
}

/** Query versions that were offered, and neither accepted nor declined for that group. */
function questionsNotAccepted(until: readonly (PracticeEntry | UnreadEntry)[]) {
  const offered = new Map<string, { query: string; version: string; group: string }>();
  for (const entry of until) {
    if (entry.kind === "query-offered") {
      const { query, version, digest, group } = entry.body;
      offered.set(`${digest} ${group}`, { query, version, group });
    } else if (entry.kind === "query-accepted") {
      const { digest, group } = entry.body;
      offered.delete(`${digest} ${group}`);
    } else if (entry.kind === "query-declined" || entry.kind === "group-left")
      for (const [key, { query, group }] of offered) if (concerns(entry, query, group)) offered.delete(key);
  }
  return [...offered.values()];
}

function concerns(entry: PracticeEntry, query: string, group: string): boolean {
  if (entry.kind === "group-left") return entry.body.group === group;
  return (
    entry.kind === "query-declined" &&
    entry.body.query === query &&
    (entry.body.group === null || entry.body.group === group)
  );
}

/** Releases that were made in the period and had not left by its end. */
function notSent(until: readonly (PracticeEntry | UnreadEntry)[], period: Period) {
  const sent = new Set<string>();
  const kept = new Set<string>();
  for (const entry of until) {
    if (entry.kind === "use" || entry.kind === "receipt" || entry.kind === "left-before-declined")
      sent.add(`${entry.body.run} ${entry.body.digest}`);
    if (entry.kind === "release-kept") kept.add(entry.body.run);
  }
  return until.flatMap((entry) => {
    if (entry.kind !== "released" || !isWithin(entry, period)) return [];
    const { run, digest, query, version, date } = entry.body;
    if (sent.has(`${run} ${digest}`)) return [];
    const why = kept.has(run)
      ? "made, and kept here for good by somebody's decision"
      : "made, and held for a look or not sent by the end of the period";
    return [{ query: `${query} ${version}`, date, why }];
  });
}

/** Of what the hub asked a group of this practice in the period: that of which the practice's log has no word. */
function unheard({ hub }: GivenFiles, until: readonly (PracticeEntry | UnreadEntry)[], period: Period) {
  const known = new Set<string>();
  const closed = new Set<string>(); // questions that somebody declined, or has not accepted
  const groups = new Set<string>();
  for (const entry of until) {
    if (entry.kind === "group-joined") groups.add(entry.body.group);
    if (entry.kind === "group-left") groups.delete(entry.body.group);
    if (entry.kind === "query-declined") closed.add(entry.body.query);
    if (entry.kind === "query-accepted") closed.delete(entry.body.query);
    if (entry.kind === "run-refused" || entry.kind === "run-quarantined" || entry.kind === "released")
      known.add(`${entry.body.query} ${entry.body.date}`);
    if (entry.kind === "release-given-back") known.add(`${entry.body.query} ${entry.body.date}`);
  }
  const waiting = new Set(questionsNotAccepted(until).map(({ query }) => query));
  return (hub?.entries ?? []).flatMap((entry) => {
    if (entry.kind !== "collection-opened" || !isWithin(entry, period)) return [];
    const { group, query, version, date } = entry.body;
    if (!groups.has(group) || closed.has(query) || waiting.has(query)) return [];
    return known.has(`${query} ${date}`) ? [] : [{ query: `${query} ${version}`, date }];
  });
}
