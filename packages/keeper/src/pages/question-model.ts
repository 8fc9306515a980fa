/** One question at the practice: its own exact numbers, how far they can be trusted, and what is due. */
import { type DecisionContext, declineAllForm, queryForm } from "./decision-context.js";
import {
  commands,
  comparisonPath,
  questionPath,
  worklistPath,
  type OwnNoteForm,
  type OwnTotals,
  type PracticeQuestion,
} from "@cairn/pages";
import { type PeopleQuery, type Query, stepsOf } from "@cairn/query-library";
import { at } from "@cairn/tables";
import { count, html, longDate, shellWord, type Markup } from "@cairn/text";
import { comparisonsHere } from "./comparison-model.js";
import { COUNTED } from "./counted.js";
import { emptyListWords, thinWords } from "../answering/doubts.js";
import type { ListCoding, QuestionFacts } from "../answering/question-facts.js";
import type { Keeper } from "../keeper.js";
import { coveredDates, nextDate } from "../own-numbers/dates.js";
import { ownNotesOf } from "../own-numbers/notes.js";
import { settledOn } from "../runs/states.js";
import { keeperStatus, type KeeperStatus } from "../status.js";
import { askedLine } from "../status-words.js";
import { type List, usualList, whoWords, WORTH_A_LOOK } from "../worklists/lists.js";
import { byWords } from "./home-model.js";

/** The query of this name as it was last asked here, or else as the library has it; null where there is none. */
export function questionNamed(keeper: Keeper, name: string): Query | null {
  const named = keeper.library()?.queries.filter(({ query }) => query === name) ?? [];
  const asked = keeperStatus(keeper.store).queries.filter(({ query }) => query === name);
  const newest = asked.at(-1)?.version;
  return named.find(({ version }) => version === newest) ?? named.at(-1) ?? null;
}

/** The dates of it that the records cover, ascending. */
export function datesFor({ store }: Keeper, query: Query): string[] {
  return coveredDates(query, keeperStatus(store).coversTo, store.today);
}

/**
 * @param facts what the records say; or why they cannot be asked, without a full stop
 * @param draft a note that was typed before, and what is wrong with it
 */
export function questionModel(
  keeper: Keeper,
  query: Query,
  facts: QuestionFacts | string,
  deciding: DecisionContext,
  draft: Pick<OwnNoteForm, "typed" | "problem"> = { typed: {}, problem: null },
): PracticeQuestion {
  const status = keeperStatus(keeper.store);
  const runs = status.runs.filter((run) => run.query === query.query && run.version === query.version);
  return {
    practice: status.practice,
    query,
    about: [
      ["Purpose", query.purpose],
      ...(query.source === null ? [] : [["Source", query.source] as const]),
      ["Version", `${query.query} ${query.version}`],
      ["Whole definition", `cairn query explain ${query.query}`],
    ],
    numbers: typeof facts === "string" ? facts : numbersOf(query, facts),
    notes: ownNotesOf(keeper.store, query.query),
    noteForm: deciding.may("write-own-notes")
      ? { action: notesPath(query.query), token: deciding.token(), today: keeper.store.today, ...draft }
      : null,
    due: dueLines(query, status, keeper.store.today),
    beside: comparisonsHere(keeper, deciding).filter(
      ({ group, href }) => href === comparisonPath(group, query.query),
    ),
    groups: status.queries
      .filter((asked) => asked.query === query.query)
      .map((asked) => ({
        line: askedLine(asked),
        action: deciding.may("decide-queries")
          ? queryForm(keeper.store, deciding, asked)
          : groupAction(asked),
      })),
    declineAll: deciding.may("decide-queries") ? declineAllForm(keeper.store, deciding, query.query) : null,
    runs: [...byWords(runs)].map(([words, each]) => ({ words, each })),
  };
}

/** The address that notes of a question are sent to. */
function notesPath(query: string): string {
  return `${questionPath(query)}/notes`;
}

function groupAction({ said, query, group, command }: KeeperStatus["queries"][number]): Markup {
  const decline = `cairn agent decline ${query} --group ${shellWord(group)}`;
  if (said === "declined")
    return commands(
      "cairn agent approve",
      html`<code>cairn agent approve ${query} --group ${shellWord(group)}</code> accepts it.`,
    );
  return commands(
    decline,
    html`${command && html`<code>${command}</code> accepts it. `}<code>${decline}</code> declines it; no
      reason is needed.`,
  );
}

function numbersOf(query: Query, facts: QuestionFacts): OwnTotals {
  const known = facts.figures.findIndex(({ denominator }) => denominator > 0);
  return {
    counted: COUNTED[query.unit],
    figures: known <= 0 ? facts.figures : facts.figures.slice(known), // before the records begin there is nothing to show
    lists: listLinks(query, facts),
    steps: query.unit === "people" && facts.steps ? stepsLeft(query, facts.steps) : null,
    trust: trustLines(facts),
    coding: facts.coding.map(codingRow),
  };
}

function stepsLeft(query: PeopleQuery, left: readonly number[]): OwnTotals["steps"] {
  return stepsOf(query).map(({ words }, i) => ({ label: words, people: at(left, i) }));
}

function listLinks(query: Query, { figures }: QuestionFacts): OwnTotals["lists"] {
  const newest = figures.at(-1);
  const at = (list: string): string => `${worklistPath(query.query)}?list=${list}`;
  const people = (n: number): string => (n === 1 ? "1 person" : `${count(n)} people`);
  const words = (list: List, size = "People"): string => whoWords(query, list).replace(/^people/, size);
  const sizes = newest &&
    query.unit === "people" && {
      numerator: people(newest.numerator),
      rest: people(newest.denominator - newest.numerator),
    };
  const usual = usualList(query);
  const links = {
    numerator: {
      href: at("numerator"),
      words: words("numerator", sizes ? sizes.numerator : undefined),
    },
    rest: {
      href: at("rest"),
      words: words("rest", sizes ? sizes.rest : undefined),
    },
  };
  if (usual === null) return [links.numerator, links.rest];
  const other = usual === "rest" ? links.numerator : links.rest;
  return [{ ...links[usual], words: `${links[usual].words}: ${WORTH_A_LOOK}` }, other];
}

function trustLines({ freshness, emptyLists, thin, coding }: QuestionFacts): string[] {
  const { coversTo, usualTo, measured } = freshness;
  const readings = coding.flatMap(({ list, readings: of }) => (of ? [{ list, of }] : []));
  return [
    ...(coversTo === null ? [] : [`Records are complete to ${longDate(coversTo)}`]),
    ...(usualTo === null ? [] : [`Entries come in as usual up to ${longDate(usualTo)}`]),
    ...(emptyLists.length > 0 ? [sentence(emptyListWords(emptyLists))] : []),
    ...thin.slice(-1).map(({ date, months }) => `For ${longDate(date)}: ${thinWords(months)}`),
    ...readings.flatMap(({ list, of }) => [
      ...(of.withoutNumber > 0
        ? [
            `${of.events === of.withoutNumber ? "None" : count(of.events - of.withoutNumber)} of ${count(of.events)} entries of ${list} have a number`,
          ]
        : []),
      ...(of.withoutUnit > 0
        ? [`${count(of.withoutUnit)} entries of ${list} have no unit: they are taken to be in ${of.unit}`]
        : []),
      ...(of.otherUnits > 0
        ? [
            `${count(of.otherUnits)} entries of ${list} are in a unit that cannot be read as ${of.unit}, and are not counted`,
          ]
        : []),
    ]),
    measured === null
      ? "How codes and units are used has not been measured: the next import does it"
      : `Codes and units were measured at the import of ${longDate(measured)}`,
  ];
}

function sentence(words: string): string {
  return words.replace(/^./, (letter) => letter.toUpperCase());
}

function codingRow({ list, people, readings }: ListCoding): OwnTotals["coding"][number] {
  return {
    list,
    people: people === 0 ? "nobody: is this list in another code system?" : count(people),
    readings: readings
      ? `${count(readings.events - readings.withoutNumber)} of ${count(readings.events)} with a number`
      : "",
  };
}

function dueLines(query: Query, { coversTo }: KeeperStatus, today: string): string[] {
  const newest = coveredDates(query, coversTo, today).at(-1) ?? null;
  if (newest === null)
    return [
      coversTo === null
        ? "Nobody said how far the records are complete: cairn agent import --complete-to DATE"
        : `The records are complete to ${longDate(coversTo)}, which is before the first date with the days in which late entries arrive`,
    ];
  const next = nextDate(query, newest);
  return [
    `The newest date is ${longDate(newest)}`,
    `The next is ${longDate(next)}: it is counted once the records are complete to ${longDate(settledOn(next))}, so that late entries are in`,
  ];
}
