/** Every field of a comparison's document, and what must hold between them. */
import { tryDayNumber } from "@cairn/query-library";
import type { Interval } from "@cairn/statistics/intervals";
import { wholePoints, type CellCounts, type DocumentCell } from "./document-cell.js";
import { malformed } from "./document-error.js";
import { listOf, oneOf, orNull, orWord, shape, that, type Reader } from "./document-shape.js";
import {
  DOCUMENT_VERSION,
  type AnswerCounts,
  type ComparisonDocument,
  type GroupNote,
  type MadeCounts,
  type PracticeCounts,
  type PublishedReference,
} from "./document.js";
import { isName } from "@cairn/wire";
import type { GroupJson } from "./json.js";
import { FEWEST } from "./figure.js";
import { ALARM_WORDS, COMPARISON_STATES, type Alarm, type ComparisonState } from "./states.js";

const isText = (value: unknown): value is string => typeof value === "string";
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isShare = (value: unknown): value is number => typeof value === "number" && value >= 0 && value <= 1;

/** Text that prints: nothing that is no character on a page, but a new line. */
const prints = (value: unknown): value is string =>
  isText(value) && !/[\p{C}\p{Zl}\p{Zp}]/u.test(value.replaceAll("\n", ""));
const text = that("text that prints", prints);
const name = that("a name", (value): value is string => isText(value) && isName(value));
const whole = that("a whole number", isWhole);
const share = that("a share from 0 to 1", isShare);
const inPoints = that(
  "a share in whole per cents",
  (value): value is number => isShare(value) && value === wholePoints(value),
);
const flag = that("true or false", (value): value is boolean => typeof value === "boolean");
const digest = that("a digest", (value): value is string => isText(value) && /^[0-9a-f]{64}$/.test(value));
const date = that("a date", (value): value is string => isText(value) && tryDayNumber(value) !== null);
const instant = that("a time", (value): value is string => {
  const at = isText(value) ? Date.parse(value) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString() === value;
});

function intervalOf(end: Reader<number>): Reader<Interval> {
  const ends = shape<Interval>({ low: end, high: end });
  return (value, at) => {
    const { low, high } = ends(value, at);
    if (low > high) throw malformed(`its ${at} is no range`);
    return { low, high };
  };
}

const figure: Reader<GroupJson> = shape<GroupJson>(
  {
    state: oneOf("withdrawn", "made", "too-few", "dominated", "too-close", "members-missing"),
    contributors: whole,
    withheld: whole,
    carried: whole,
    numerator: intervalOf(whole),
    denominator: intervalOf(whole),
    median: intervalOf(inPoints),
  },
  ["contributors", "withheld", "carried", "numerator", "denominator", "median"],
);

const dot = that(
  "a whole per cent",
  (value): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 100,
);

const dots: Reader<DocumentCell["dots"]> = orWord(listOf(dot), "too-few", "withdrawn", "too-close");

const cell = shape<DocumentCell>({
  position: whole,
  figure,
  dots,
  dots_are_rough: flag,
  practices: orNull(
    shape<CellCounts>({ no_people: whole, none: whole, some: whole, withheld: whole, cannot_tell: whole }),
  ),
});

type AbsentState = Exclude<ComparisonState, "released">;
const isAbsent = (state: ComparisonState): state is AbsentState => state !== "released";

const made = shape<MadeCounts>({
  corrected: whole,
  without_registrations: whole,
  opt_outs: shape<MadeCounts["opt_outs"]>({ left_out: whole, counted: whole }),
});

const answers = shape<AnswerCounts>({
  contributing: whole,
  late: whole,
  states: listOf(
    shape<AnswerCounts["states"][number]>({
      state: oneOf(...COMPARISON_STATES.filter(isAbsent)),
      alarm: orNull(oneOf(...(Object.keys(ALARM_WORDS) as Alarm[]))),
      practices: whole,
    }),
  ),
  made: orWord(made, "too-few", "collecting", "too-close"),
});

const practices = shape<PracticeCounts>({
  asked: whole,
  joined_later: whole,
  not_asked: whole,
  answers: orWord(answers, "too-few"),
});

const reference = shape<PublishedReference>({
  of: oneOf("elsewhere", "this-group"),
  source: text,
  date,
  practices: whole,
  p10: share,
  p50: share,
  p90: share,
  tau2: that("a number from 0", (value): value is number => typeof value === "number" && value >= 0),
});

const note = shape<GroupNote>({
  date,
  kind: oneOf("note", "aim", "test-of-change"),
  text,
  share: orNull(share),
  measured_by: orNull(text),
  until: orNull(date),
  outcome: orNull(
    shape<NonNullable<GroupNote["outcome"]>>({ date, what: oneOf("kept", "changed", "dropped") }),
  ),
});

const document = shape<ComparisonDocument>({
  form: oneOf("cairn-comparison"),
  v: oneOf(DOCUMENT_VERSION),
  group: name,
  query: name,
  query_version: name,
  query_digest: digest,
  date,
  closed_at: instant,
  shown: flag,
  revision: whole,
  replaces: orNull(digest),
  practices,
  numbers: shape<ComparisonDocument["numbers"]>({ sent: whole, withheld: whole }),
  cells: listOf(cell),
  same_practices_as: orNull(date),
  reference: orNull(reference),
  notes: listOf(note),
});

/** Reads a document from a value. @throws ComparisonError comparison-malformed */
export function documentIn(value: unknown): ComparisonDocument {
  if (isOlder(value))
    throw malformed("it is of an older version: the hub has to be brought up to date before its practices");
  const read = document(value, "");
  const broken = contradictionIn(read);
  if (broken !== null) throw malformed(broken);
  return read;
}

function isOlder(value: unknown): boolean {
  const { v } = (value ?? {}) as { readonly v?: unknown };
  return isWhole(v) && v < DOCUMENT_VERSION;
}

/** The first thing in a document that cannot be so, or null. */
function contradictionIn(document: ComparisonDocument): string | null {
  const { practices: counts, numbers, cells, revision, replaces, shown, same_practices_as } = document;
  if (revision < 1 || (revision === 1) !== (replaces === null))
    return "its revision and what it replaces disagree";
  if (shown !== cells.length > 0) return "it shows what is not shown, or nothing of what is";
  const miscounted = contradictionInCounts(counts, shown);
  if (miscounted !== null) return miscounted;
  if (numbers.withheld > numbers.sent) return "more numbers are withheld than were sent";
  if (cells.some(({ position }, i) => i > 0 && position <= (cells[i - 1] as DocumentCell).position))
    return "its cells are not in order";
  if (same_practices_as !== null && same_practices_as >= document.date) return "it follows a later date";
  const { answers } = counts;
  for (const one of cells) {
    if (answers === "too-few") break; // of so few there are no cells
    const broken = contradictionInCell(one, answers) ?? contradictionBetween(one, cells[0] as DocumentCell);
    if (broken !== null) return `its cell ${one.position} ${broken}`;
  }
  const withDots = cells.every(({ dots }) => dots !== "withdrawn" && dots !== "too-close");
  if (numbers.sent > 0 && !(shown && withDots)) return "it counts numbers of which no dots are shown";
  return null;
}

function contradictionInCounts({ asked, answers }: PracticeCounts, shown: boolean): string | null {
  if ((answers === "too-few") !== asked < FEWEST)
    return "its practices are counted where they are too few, or not";
  if (answers === "too-few") return shown ? "it shows figures of too few practices" : null;
  const { contributing, late, states, made: of } = answers;
  if (sum([contributing, late, ...states.map((one) => one.practices)]) !== asked)
    return "its practices do not add up";
  if ((of === "too-few") !== contributing < FEWEST || (of === "collecting" && shown))
    return "it tells how numbers of too few practices are made, or not how those of many are";
  if (typeof of === "string") return null;
  if (!shown) return "it tells how numbers are made of which nothing is shown";
  if (of.opt_outs.left_out + of.opt_outs.counted !== contributing) return "its opt-outs do not add up";
  if (Math.max(of.corrected, of.without_registrations) > contributing)
    return "it tells more of its practices than contribute";
  return null;
}

function contradictionInCell(
  { figure: group, dots: places, practices: of, dots_are_rough }: DocumentCell,
  { contributing, made: how }: AnswerCounts,
): string | null {
  const { state, numerator, denominator, contributors, withheld = 0 } = group;
  if ((numerator === undefined) === (state === "made")) return "has no sum, or one that it may not have";
  if ((denominator === undefined) !== (numerator === undefined)) return "has half a sum";
  if (state === "made" && (contributors ?? 0) - withheld < FEWEST) return "has a sum of too few practices";
  // Of a withdrawn one with too few contributing nothing tells any more whether dots had been too close.
  const isUncounted =
    state === "withdrawn" ? how === "too-close" : places === "too-close" && state !== "made";
  const isEither = state === "withdrawn" && how === "too-few";
  if (!isEither && (contributors === undefined) !== isUncounted)
    return "counts whom it may not, or not whom it may";
  if (places === "too-close" && (group.median ?? (state !== "made" && withheld > 0)) !== false)
    return "has more than a sum beside dots that are too close";
  if (places === "too-close" && typeof how !== "string")
    return "has no dots beside counts of how numbers are made";
  if (how === "too-close" && places !== "too-close" && places !== "withdrawn")
    return "has dots that are too close";
  if ((state === "withdrawn") !== (places === "withdrawn")) return "is taken down in part";
  if (state === "withdrawn" && (group.median ?? withheld) !== 0) return "shows what was taken down";
  const counted = contributing >= FEWEST && places !== "withdrawn" && places !== "too-close";
  if ((of !== null) !== counted) return "counts practices that it may not, or not those that it has to";
  if (of === null && typeof places !== "string") return "has dots that it may not have";
  if (of !== null && sum(Object.values(of)) !== contributing) return "does not add up";
  if (places === "too-few" && of !== null && of.none + of.some >= FEWEST)
    return "has no dots, and enough practices";
  if (typeof places === "string") return dots_are_rough ? "has dots and has none" : null;
  if (places.length < FEWEST) return "has dots of too few practices";
  if (places.some((place, i) => i > 0 && place < (places[i - 1] as number)))
    return "has dots in an order of their own";
  if (places.length !== (of?.none ?? 0) + (of?.some ?? 0)) return "has more or fewer dots than practices";
  return null;
}

/** What is taken down, or too close, is so in every cell. */
function contradictionBetween({ dots: one }: DocumentCell, { dots: first }: DocumentCell): string | null {
  const whole = (dots: DocumentCell["dots"]): unknown =>
    dots === "withdrawn" || dots === "too-close" ? dots : null;
  return whole(one) === whole(first) ? null : "is taken down or too close alone";
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
