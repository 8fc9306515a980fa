/** The first page: what needs somebody, what is new, and the practice's own numbers. */
import { ACTIONS, type RoleRights, roleWords } from "@cairn/access";
import type { AskedQuery, OwnQuestion, PracticeHome, OpenDecision } from "@cairn/pages";
import { bullets, charterPath, questionPath, worklistPath } from "@cairn/pages";
import { practiceLog } from "@cairn/ledger";
import type { Query } from "@cairn/query-library";
import { LEFT_OUT_LIST_MISSING } from "@cairn/records";
import { count, html, longDate, minute, percent, type Markup } from "@cairn/text";
import { groupState } from "../approvals/groups.js";
import { charterLines, joinedLines, joiningLines, type QueryNames } from "../joining.js";
import { JOINING_WORDS } from "../decisions/membership.js";
import { emptyListWords, thinWords } from "../answering/doubts.js";
import type { Keeper } from "../keeper.js";
import { comparisonsHere } from "./comparison-model.js";
import { BY_COMMAND, type DecisionContext, joinForm, standingForms } from "./decision-context.js";
import { feedLines, feedProblems } from "../feed.js";
import { courierSpeaks, linkWords } from "../link-state.js";
import { questionsAsked } from "../own-numbers/queue.js";
import { type OwnNumber, ownNumbers } from "../own-numbers/kept.js";
import { stateWords } from "../runs/words.js";
import { keeperStatus, type KeeperStatus } from "../status.js";
import {
  askedLine,
  CHARTER_WAITS,
  groupLine,
  groupRunWords,
  ruleProblems,
  standingLines,
  standsFor,
  witnessLines,
} from "../status-words.js";
import { usualList } from "../worklists/lists.js";

interface HomeReader {
  /** Whether they may see the practice's own numbers. */
  readonly seen: boolean;
  /** Since when those are being counted, in milliseconds since 1970; null where they stand. */
  readonly countsSince: number | null;
  /** What their role may do; null where nobody has an account. */
  readonly rights: RoleRights | null;
  /** The group that they have just accepted. */
  readonly accepted?: string | null;
}

export function homeModel(
  keeper: Keeper,
  deciding = BY_COMMAND,
  { seen, countsSince, rights, accepted = null }: HomeReader = {
    seen: true,
    countsSince: null,
    rights: null,
  },
): PracticeHome {
  const status = keeperStatus(keeper.store);
  const queries = status.queries.map((query) => askedModel(keeper, status, query));
  return {
    practice: status.practice,
    alarms: alarms(keeper, status),
    decisions: decisions(keeper, status, deciding, rights),
    accepted: acceptedGroup(keeper, accepted),
    news: news(keeper, status),
    comparisons: comparisonsHere(keeper, deciding),
    topics: seen ? topics(keeper) : null,
    counting: counting(status, countsSince),
    facts: factLines(keeper, status),
    standing: standingForms(keeper.store, deciding),
    groups: status.groups.map((group) => ({
      line: groupLine(group, status),
      accept: group.command,
      charter: group.charter ? charterPath(group.group) : null,
    })),
    queries,
    logSize: status.logSize,
    rights,
  };
}

/** What keeps the practice from taking part, with what to do. */
function alarms({ store, network }: Keeper, status: KeeperStatus): string[] {
  const { paused, libraryProblem, hubLog, coversTo, feed, hasLeftOutList, practice, link } = status;
  const silent = silentLines(store.now(), status);
  const linkFails = practice !== null && link !== null && link.state !== "works";
  return [
    ...(store.problem ? [`Waiting: ${store.problem.message}`] : []),
    ...(paused ? ["Paused: nothing runs and nothing leaves (cairn agent resume goes on)"] : []),
    ...silent,
    ...(linkFails ? linkLines(store.now(), status).slice(silent.length, silent.length + 1) : []),
    ...(hubLog.state === "forked" || hubLog.state === "went-back" ? [`The hub's log: ${hubLog.words}`] : []),
    ...(libraryProblem ? [libraryProblem.words] : []),
    ...witnessLines(status).map(({ words }) => words),
    ...ruleProblems(status),
    ...(practice !== null && coversTo === null
      ? ["No records yet, or nobody said how far they are complete (cairn agent import --complete-to DATE)"]
      : []),
    ...(feed === null ? [] : feedProblems(feed, store.now())),
    ...(hasLeftOutList ? [] : [LEFT_OUT_LIST_MISSING]),
    ...(network === "open"
      ? ["The operating system does not keep this process from the network: see cairn agent doctor"]
      : []),
  ];
}

/** The roles that decide, in words. */
const DECIDERS = {
  "decide-queries": ACTIONS["decide-queries"].roles.map(roleWords).join(" or "),
  "decide-releases": ACTIONS["decide-releases"].roles.map(roleWords).join(" or "),
  "enrol-practice": ACTIONS["enrol-practice"].roles.map(roleWords).join(" or "),
} as const;

function decisions(
  keeper: Keeper,
  status: KeeperStatus,
  deciding: DecisionContext,
  rights: HomeReader["rights"],
): OpenDecision[] {
  const decidesQueries = deciding.may("decide-queries");
  const titleOf = titlesOf(keeper.library());
  const by = (action: keyof typeof DECIDERS): string | null =>
    rights === null || deciding.may(action) ? null : DECIDERS[action];
  const { hubLog } = status;
  return [
    ...status.groups
      .filter(({ command }) => command !== null)
      .map(({ group, state, charter, command }) => ({
        words:
          state === "waiting"
            ? `${group} asks to compare with this practice, and gets nothing until someone here accepts it. ${JOINING_WORDS}`
            : `${group}: ${CHARTER_WAITS[charter?.accepted ? "changed" : "new"]}`,
        to: null,
        command: decidesQueries ? null : command,
        form: joinPart(keeper, group, decidesQueries ? deciding : null),
        by: by("decide-queries"),
      })),
    ...status.queries
      .filter(({ said }) => said === "waiting")
      .map(({ query, version, group, command }) => ({
        words: `${group} asks a new question`,
        to: { text: titleOf(query, version), href: questionPath(query) },
        command: decidesQueries ? null : command,
        form: null,
        by: by("decide-queries"),
      })),
    ...status.runs
      .filter(({ state }) => state === "on-hold")
      .map(({ run, query, version, date }) => ({
        words: "On hold until someone has seen its numbers",
        to: { text: `${titleOf(query, version)}, ${longDate(date)}`, href: `/runs/${run}` },
        command: null,
        form: null,
        by: by("decide-releases"),
      })),
    ...status.runs
      .filter(({ state }) => state === "quarantined")
      .map(({ run, query, version, date }) => ({
        words: `It crashed twice: ${titleOf(query, version)}, ${longDate(date)}`,
        to: null,
        command: `cairn agent retry ${run}`,
        form: null,
        by: by("decide-queries"),
      })),
    ...(hubLog.state === "new-log"
      ? [
          {
            words: `The hub's log: ${hubLog.words}`,
            to: null,
            command: null,
            form: null,
            by: by("enrol-practice"),
          },
        ]
      : []),
  ];
}

/** The group's charter where it waits, and for who may decide what accepting gives, with the form; null for nothing. */
function joinPart(
  { library, store }: Keeper,
  group: string,
  deciding: DecisionContext | null,
): Markup | null {
  const charter = charterLines(store, group);
  const gives = deciding === null ? [] : joiningLines(store, group, titlesOf(library()));
  const lines = [...charter, ...gives].map((line) => `${line}.`);
  if (deciding === null) return lines.length > 0 ? bullets(lines) : null;
  return html`${bullets(lines)} ${joinForm(store, deciding, group)}`;
}

function acceptedGroup({ store, library }: Keeper, group: string | null): PracticeHome["accepted"] {
  if (group === null || groupState(store, group) !== "joined") return null;
  return { group, lines: joinedLines(store, group, titlesOf(library())) };
}

function titlesOf(inForce: ReturnType<Keeper["library"]>): QueryNames {
  return (query, version) =>
    inForce?.queries.find((each) => each.query === query && each.version === version)?.title ?? query;
}

const NEWS_MS = 28 * 86_400_000;
const MOST_NEWS = 10;

/** Numbers that the hub has confirmed in the last weeks: of each query the newest date. */
function news({ store, library }: Keeper, { runs }: KeeperStatus): PracticeHome["news"] {
  const since = new Date(store.now() - NEWS_MS).toISOString();
  const confirmed = store.db
    .prepare<[string, string], string>(
      `SELECT body ->> 'run' FROM log_entry WHERE kind = ? AND time >= ? ORDER BY position DESC LIMIT 400`,
    )
    .pluck()
    .all(practiceLog.receipt.kind, since);
  const known = new Map(runs.map((run) => [run.run, run]));
  const newest = new Map<string, KeeperStatus["runs"][number]>();
  for (const run of confirmed.flatMap((id) => known.get(id) ?? [])) {
    const other = newest.get(run.query);
    if (run.state === "acknowledged" && (!other || other.date < run.date)) newest.set(run.query, run);
  }
  const inForce = library();
  return [...newest.values()].slice(0, MOST_NEWS).map(({ run, query, version, date }) => ({
    title: inForce?.queries.find((each) => each.query === query && each.version === version)?.title ?? query,
    run,
    date,
    words: "left, and the hub has confirmed it",
  }));
}

function topics(keeper: Keeper): PracticeHome["topics"] {
  const known = ownNumbers(keeper.store);
  const byTopic = new Map<string, OwnQuestion[]>();
  for (const { query, date } of questionsAsked(keeper.store, keeper.library())) {
    const own = ownQuestion(query, date, known.get(query.digest) ?? null);
    byTopic.set(query.purpose, [...(byTopic.get(query.purpose) ?? []), own]);
  }
  return [...byTopic]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([topic, questions]) => ({
      topic: topic.replace(/^./, (letter) => letter.toUpperCase()),
      questions: questions.sort((a, b) => (a.title < b.title ? -1 : 1)),
    }));
}

function ownQuestion(query: Query, date: string | null, own: OwnNumber | null): OwnQuestion {
  const { title } = query;
  const page = { query: query.query, title, date: own?.unanswerable === null ? own.date : date };
  if (own?.unanswerable != null)
    return { ...page, number: "cannot be counted: our records do not say it", list: null };
  if (date === null) return { ...page, number: "no records yet", list: null };
  const list = { href: worklistPath(query.query), words: listWords(query, own) };
  return { ...page, number: own ? numberWords(own) : "not counted yet", list };
}

const NO_BREAK = "\u00a0";

/** "76 % (61 of 80)" */
function numberWords({ numerator, denominator }: OwnNumber): string {
  if (denominator === 0) return "nobody is asked about (0 of 0)";
  return `${percent(numerator / denominator)} (${count(numerator)}${NO_BREAK}of${NO_BREAK}${count(denominator)})`;
}

function listWords(query: Query, own: OwnNumber | null): string {
  const list = usualList(query);
  if (list === null) return "choose a list";
  if (own === null || query.unit !== "people") return "see the list";
  const people = list === "numerator" ? own.numerator : own.denominator - own.numerator;
  return people === 1 ? "1 person" : `${count(people)} people`;
}

function counting({ coversTo }: KeeperStatus, since: number | null): string | null {
  if (coversTo === null || since === null) return null;
  return `Our numbers are being counted, since ${minute(new Date(since).toISOString())}: load this page again in a minute`;
}

function factLines({ network, store }: Keeper, status: KeeperStatus): string[] {
  return [
    ...linkLines(store.now(), status),
    ...(store.problem ? [`Waiting: ${store.problem.message}`] : []),
    ...standingLines(status),
    ...feedLines(status.feed, store.now()),
    network === "isolated"
      ? "This process cannot reach any network"
      : "The operating system does not keep this process from the network: see cairn agent doctor",
  ];
}

/** A courier that has stopped speaking; nothing where one speaks. */
function silentLines(now: number, { practice, courierSpokeAt }: KeeperStatus): string[] {
  if (practice === null || courierSpeaks(courierSpokeAt, now)) return [];
  const since = courierSpokeAt === null ? "yet" : `since ${minute(courierSpokeAt)}`;
  return [`No courier has spoken to the keeper ${since}: see cairn agent status`];
}

/** The lines on the link, from what the courier last reported. */
function linkLines(now: number, status: KeeperStatus): string[] {
  const { link, practice, courierSpokeAt } = status;
  const courierRuns = courierSpeaks(courierSpokeAt, now);
  return [
    ...silentLines(now, status),
    ...linkWords(link, { now, practice, courierRuns, courierFolder: "DIR/courier", where: " --data DIR" }),
  ];
}

function askedModel(
  keeper: Keeper,
  { runs }: KeeperStatus,
  asked: KeeperStatus["queries"][number],
): AskedQuery {
  const { query, version, group, command, emptyCodelists } = asked;
  const found = keeper.library()?.queries.find((each) => each.query === query && each.version === version);
  const own = runs.filter(
    (run) => run.query === query && run.version === version && run.groups.some((one) => one.group === group),
  );
  return {
    query,
    title: found?.title ?? query,
    question: found?.question ?? null,
    line: askedLine(asked),
    note: emptyCodelists.length > 0 ? `Beside the answer: ${emptyListWords(emptyCodelists)}` : null,
    decide: command === null ? null : { accept: command, decline: command.replace("approve", "decline") },
    runs: [...byWords(own, group)].map(([words, each]) => ({ words, each })),
  };
}

/**
 * Runs by their state in words: a practice of four years has hundreds.
 * @param group the group for which they stand so; the practice as a whole where absent
 */
export function byWords(
  runs: KeeperStatus["runs"],
  group?: string,
): Map<string, KeeperStatus["runs"][number][]> {
  const alike = new Map<string, KeeperStatus["runs"][number][]>();
  for (const run of runs) {
    const { state, date, refusal, thinMonths } = run;
    const held = state === "on-hold" && thinMonths.length > 0 ? `; ${thinWords(thinMonths)}` : "";
    const whole = stateWords({ state, referenceDate: date, refusal });
    const own = group === undefined ? whole : groupRunWords(standsFor(run, group), date);
    const words = own === whole ? `${own}${held}` : own;
    alike.set(words, [...(alike.get(words) ?? []), run]);
  }
  return alike;
}
