/** A group's comparison at the practice: the document as every member has it, and this practice's own part in it. */
import {
  expectationOf,
  expectationWords,
  percentOrNot,
  type ComparisonModel,
  type MemberCell,
  type Sum,
} from "@cairn/comparisons";
import {
  charterPath,
  comparisonPath,
  link,
  worklistPath,
  type OwnParts,
  type PracticeComparison,
  type PracticeHome,
} from "@cairn/pages";
import { cellsOf, type Query } from "@cairn/query-library";
import { count, countRange, html, longDate, minute } from "@cairn/text";
import { comparisonsOf, keptQuestions, type KeptComparison } from "../comparisons/kept.js";
import type { DecisionContext } from "./decision-context.js";
import { ownNotesOf } from "../own-numbers/notes.js";
import { ownRelease, unlookedCount, unlookedOf } from "../comparisons/own.js";
import type { ComparisonLook, ComparisonSight } from "../comparisons/views.js";
import { heldCharter } from "../approvals/charters.js";
import { namedSentence } from "../consents/standing.js";
import type { Keeper } from "../keeper.js";
import { keeperStatus } from "../status.js";

/** A comparison as it is shown, with what the log has to tell of the look. */
interface ShownComparison {
  readonly model: PracticeComparison;
  readonly look: ComparisonLook;
}

/** What its reader may see. */
interface ComparisonReader {
  readonly shown: ComparisonSight;
  /** Whether they may open the practice's own list. */
  readonly lists: boolean;
}

/**
 * One question of a group, with the dates up to the one that is asked for.
 * @param date ISO; null for the newest
 * @returns null where no comparison of it is here, or the library does not hold its query any more
 */
export function comparisonModel(
  keeper: Keeper,
  {
    group,
    query: name,
    date,
  }: { readonly group: string; readonly query: string; readonly date: string | null },
  { shown: sight, lists }: ComparisonReader,
): ShownComparison | null {
  const kept = comparisonsOf(keeper.store, group, name).filter((each) => queryOf(keeper, each) !== null);
  const allDates = kept.map(({ document }) => document.date);
  const upTo = kept.filter(({ document }) => document.date <= (date ?? document.date));
  const shown = upTo.at(-1);
  const query = shown && queryOf(keeper, shown);
  if (!shown || !query || (date !== null && shown.document.date !== date)) return null;
  const { document } = shown;
  const seesOwn = sight !== "figures";
  return {
    look: { group, query, date: document.date, shown: sight },
    model: {
      practice: keeperStatus(keeper.store).practice,
      allDates,
      checked: checkedLines(keeper, shown),
      ownWords: seesOwn ? ownWords(ownNumbersOf(keeper, document, query)) : NOT_OWN,
      charter: heldCharter(keeper.store, group) ? charterPath(group) : null,
      named: namedSentence(keeper.store, group),
      view: {
        query,
        dates: upTo.map((each) => each.document),
        notes: newestNotes(kept),
        sees: sight === "dots" ? "dots" : "group",
        ...(seesOwn ? { own: ownParts(keeper, { query, upTo, document, lists }) } : {}),
      },
    },
  };
}

const NOT_OWN = "By the group's charter you see its figures here, and no practice's own number beside them.";

/** The practice's own parts of a comparison. */
function ownParts(
  keeper: Keeper,
  {
    query,
    upTo,
    document,
    lists,
  }: {
    readonly query: Query;
    readonly upTo: readonly KeptComparison[];
    readonly document: ComparisonModel;
    readonly lists: boolean;
  },
): OwnParts {
  const own = ownNumbersOf(keeper, document, query);
  return {
    sum: typeof own === "string" ? null : own,
    series: upTo.map((each) => ({
      date: each.document.date,
      number: ownNumbersOf(keeper, each.document, query),
    })),
    notes: ownNotesOf(keeper.store, query.query),
    expected: expectedOf(keeper, document, query),
    list: lists ? html`<p>${link(worklistPath(query.query), "The people behind our number")}</p>` : null,
  };
}

/** What would be expected of this practice's patients; null where it released nothing, or the question does not split by age. */
function expectedOf({ store }: Keeper, document: ComparisonModel, query: Query): string | null {
  const own = ownRelease(store, document, cellsOf(query, document.date).length);
  if (own === null) return null;
  return expectationWords(expectationOf(query, document, own.cells));
}

/** What the group wrote down: it stands whole in the document that came last. */
function newestNotes(kept: readonly KeptComparison[]): ComparisonModel["notes"] {
  return kept.at(-1)?.document.notes ?? [];
}

function queryOf({ library }: Keeper, { document }: KeptComparison): Query | null {
  const { query, query_version, query_digest } = document;
  return library()?.find(query, query_version, Buffer.from(query_digest, "hex")) ?? null;
}

/** What this practice released of everyone for the group and date; or why there is no share of it. */
function ownNumbersOf({ store }: Keeper, document: ComparisonModel, query: Query): Sum | string {
  const own = ownRelease(store, document, cellsOf(query, document.date).length);
  const { denominator, numerator } = own?.cells[0] ?? ({} as Partial<MemberCell>);
  if (!denominator || !numerator) return "not released";
  if (denominator === "withheld") return "withheld";
  if (denominator.high === 0) return "nobody";
  if (numerator === "withheld") return "withheld";
  return { denominator, numerator };
}

function ownWords(own: Sum | string): string {
  if (own === "not released") return "This practice has no number in it that the group may see.";
  if (own === "withheld") return "This practice withheld a number of everyone, so it has no mark here.";
  if (typeof own === "string") return "This practice has nobody that the question is about.";
  const { numerator: x, denominator: n } = own;
  const share = percentOrNot({ low: x.low / n.high, high: Math.min(1, x.high / Math.max(1, n.low)) });
  return `This practice released ${countRange(x)} of ${countRange(n)}${share === null ? "" : `: ${share}`}. The diamond is its mark; only this page shows it.`;
}

function checkedLines({ store }: Keeper, kept: KeptComparison): string[] {
  const { document, digest, takenAt, own } = kept;
  return [
    `The hub made it when the collection closed, the same for every member, and it came here on ${minute(new Date(takenAt).toISOString())}.`,
    `It bears the hub's signature${own ? ", " : " and "}the hub's log names it${ownFound(store, kept)}`,
    `Revision ${document.revision}, digest ${digest.toString("hex").slice(0, 16)}: another practice of the group has the same.`,
  ];
}

function ownFound(store: Keeper["store"], { document: { cells }, digest, own }: KeptComparison): string {
  if (own) return ", and this practice's own dots are among the dots.";
  const unlooked = unlookedOf(store, digest);
  const here =
    unlooked && ` So far this practice could not look in ${count(unlookedCount(store))} that came.`;
  if (cells.some(({ dots }) => dots === "too-close"))
    return `. The hub says that dots stand too close to another group's; this practice cannot check that.${here ?? ""}`;
  if (cells.every(({ dots }) => typeof dots === "string"))
    return `. It shows no dot of anybody.${here ?? ""}`;
  if (unlooked)
    return `. It cannot be told whether this practice released in time: it could not look for its own dots.${here}`;
  return ". This practice had no number in it when the collection closed: its own dots were not looked for.";
}

/** The comparisons that are here of each group whose figures the reader may see, for the first page. */
export function comparisonsHere(
  keeper: Keeper,
  { mayCompare }: Pick<DecisionContext, "mayCompare">,
): PracticeHome["comparisons"] {
  const known = keptQuestions(keeper.store).filter(({ group }) => mayCompare(group));
  return known.map(({ group, query, newest, unseen }) => ({
    group,
    title: keeper.library()?.queries.find((each) => each.query === query)?.title ?? query,
    href: comparisonPath(group, query),
    words: longDate(newest),
    isNew: unseen > 0,
  }));
}
