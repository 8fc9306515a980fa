/** What was asked of a practice and did not leave by the end of a period: declined, refused, held and offline are different things. */
import { joinNames } from "../names.js";
import type { UnreadEntry } from "../codec.js";
import type { PracticeEntry } from "../practice-log.js";
import { Declines, type Decline } from "./declines.js";
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
  const declines = new Declines(until);
  const waiting = questionsNotAccepted(until, declines);
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
  for (const { query, date } of unheard(given, until, { declines, waiting }, period))
    tell(
      query,
      date,
      "nothing of it is in this log: its agent was offline, or it waits there for records, witnesses or its turn",
    );
  return [
    ...declinedRows(within, declines),
    ...waiting.map(({ query, version, group }): Row => [
      `${query} ${version}`,
      "all",
      `waits for a decision for ${group}`,
    ]),
    ...[...told.values()].map(({ question, why, dates }): Row => [question, datesWords(dates), why]),
  ];
}

/** Declines that stand at the end of the period, whenever they were made, and those of the period that were taken back in it. */
function declinedRows(within: readonly PracticeEntry[], declines: Declines): Row[] {
  const row = ({ query, group, by }: Decline, more = ""): Row => [
    query,
    "all",
    `declined for ${group ?? "every group"}${more}, by ${by ?? "nobody named"}`,
  ];
  return [
    ...declines
      .standing()
      .map(({ decline, except }) => row(decline, except.length > 0 ? ` except ${joinNames(except)}` : "")),
    ...within.flatMap((entry) => {
      if (entry.kind !== "query-declined" || declines.has(entry.body.query, entry.body.group)) return [];
      return [row(entry.body, " for a time, and accepted again")];
    }),
  ];
}

interface Offered {
  readonly query: string;
  readonly version: string;
  readonly group: string;
}

/** Query versions that were offered, and neither accepted for that group nor declined. */
function questionsNotAccepted(
  until: readonly (PracticeEntry | UnreadEntry)[],
  declines: Declines,
): readonly Offered[] {
  const offered = new Map<string, Offered>();
  for (const entry of until) {
    if (entry.kind === "query-offered") {
      const { query, version, digest, group } = entry.body;
      offered.set(`${digest} ${group}`, { query, version, group });
    } else if (entry.kind === "query-accepted") {
      const { digest, group } = entry.body;
      offered.delete(`${digest} ${group}`);
    } else if (entry.kind === "group-left")
      for (const [key, { group }] of offered) if (entry.body.group === group) offered.delete(key);
  }
  return [...offered.values()].filter(({ query, group }) => !declines.has(query, group));
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
function unheard(
  { hub }: GivenFiles,
  until: readonly (PracticeEntry | UnreadEntry)[],
  { declines, waiting }: { readonly declines: Declines; readonly waiting: readonly Offered[] },
  period: Period,
) {
  const known = new Set<string>();
  const groups = new Set<string>();
  for (const entry of until) {
    if (entry.kind === "group-joined") groups.add(entry.body.group);
    if (entry.kind === "group-left") groups.delete(entry.body.group);
    if (entry.kind === "run-refused" || entry.kind === "run-quarantined" || entry.kind === "released")
      known.add(`${entry.body.query} ${entry.body.date}`);
    if (entry.kind === "release-given-back") known.add(`${entry.body.query} ${entry.body.date}`);
  }
  const waits = (query: string, group: string): boolean =>
    waiting.some((each) => each.query === query && each.group === group);
  return (hub?.entries ?? []).flatMap((entry) => {
    if (entry.kind !== "collection-opened" || !isWithin(entry, period)) return [];
    const { group, query, version, date } = entry.body;
    if (!groups.has(group) || declines.has(query, group) || waits(query, group)) return [];
    return known.has(`${query} ${date}`) ? [] : [{ query: `${query} ${version}`, date }];
  });
}
