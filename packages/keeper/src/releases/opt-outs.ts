/**
 * Whether people with a type 1 opt-out in their record are counted in what leaves: where the practice, the charters and every query
 * that these let be asked all say so, and else nowhere. All of these are signed or decided at the practice: when the hub
 * asks moves nothing. Everything that leaves for one reference date is made alike, for ever: the difference of two views of
 * one date is exactly who opted out.
 *
 * Whom the practice itself leaves out (its own list, or marked as confidential) is in no number whatever is chosen here.
 */
import { asksQuery, strictestOptOuts, type Charter } from "@cairn/charters";
import type { Query } from "@cairn/query-library";
import type { SignedRelease__Output } from "@cairn/wire";
import { acceptedCharter, charterInForce } from "../approvals/charters.js";
import { allGroups } from "../approvals/groups.js";
import { isDeclined } from "../approvals/offers.js";
import type { Refusal } from "../history/lost.js";
import { requestsOf } from "../runs/requests.js";
import type { Run } from "../runs/run.js";
import type { Change, Reader } from "../store/store.js";
import type { LibraryInForce } from "../trust/library.js";

type OptOuts = Charter["optOuts"];
type SignedOptOuts = SignedRelease__Output["optOuts"];

/** A choice of the practice, for the reference dates after a day. */
export interface OptOutChoice {
  readonly choice: OptOuts;
  readonly after: string | null; // ISO; null of a practice that never chose
}

export const NEVER_CHOSEN: OptOutChoice = { choice: "left-out", after: null };

/** The practice's choices, oldest first, in force or still to come; empty where it never chose, and so leaves them out. */
export function optOutChoices(store: Reader): OptOutChoice[] {
  return store.db.prepare<[], OptOutChoice>("SELECT choice, after FROM opt_out_choice ORDER BY after").all();
}

/** The practice's choice for a reference date (ISO). */
export function chosenOptOuts(store: Reader, date: string): OptOuts {
  return (
    store.db
      .prepare<[string], OptOuts>(
        "SELECT choice FROM opt_out_choice WHERE after < ? ORDER BY after DESC LIMIT 1",
      )
      .pluck()
      .get(date) ?? "left-out"
  );
}

/**
 * Keeps a choice for the reference dates to come: after today, and after every date that was answered for. It takes the
 * place of any choice for later dates, which a clock that was ahead may have put far off.
 * @returns the day (ISO) after which it holds
 */
export function keepOptOutChoice(change: Change, choice: OptOuts): string {
  const { after } = change.db
    .prepare<[string], { after: string }>(
      `SELECT max(?, coalesce((SELECT max(reference_date) FROM release), '')) AS after`,
    )
    .get(change.today)!;
  change.db.prepare("DELETE FROM opt_out_choice WHERE after > ?").run(after);
  change.db
    .prepare(
      "INSERT INTO opt_out_choice VALUES (?, ?) ON CONFLICT (after) DO UPDATE SET choice = excluded.choice",
    )
    .run(after, choice);
  return after;
}

/** Forgets every choice, for a keeper from a backup: one that was made since is not known. @returns whether there was one */
export function loseOptOutChoices(change: Change): boolean {
  return change.db.prepare("DELETE FROM opt_out_choice").run().changes > 0;
}

/**
 * How what left for a date was made. `before`: by a version that left nobody out, wholly or in part, which nothing can be
 * made like any more.
 */
type Basis = OptOuts | "before";

/** The way in which what left for a reference date was made; null where nothing has left for it. */
export function optOutsAt(store: Reader, date: string): Basis | null {
  const [made, ...others] = store.db
    .prepare<[string], number>("SELECT DISTINCT opt_outs FROM release WHERE reference_date = ?")
    .pluck()
    .all(date);
  if (made === undefined) return null;
  return others.length > 0 ? "before" : (AS_STORED[made] ?? "before");
}

const SIGNED: Readonly<Record<SignedOptOuts, Basis>> = {
  OPT_OUTS_COUNTED: "before",
  OPT_OUTS_LEFT_OUT: "left-out",
  OPT_OUTS_COUNTED_BY_CHOICE: "counted",
};
const AS_STORED = Object.values(SIGNED); // by the wire's numbers, as the table has them

/** A group's word: that of its charter, of the accepted and the newer one; without a charter they are left out. */
function groupOptOuts(store: Reader, group: string): OptOuts {
  const accepted = acceptedCharter(store, group)?.charter.optOuts;
  const inForce = charterInForce(store, group)?.charter.optOuts;
  return strictestOptOuts(accepted ?? "left-out", inForce ?? accepted ?? "left-out");
}

const OPTED_OUT = "people with a type 1 opt-out in their record";

/**
 * Why a group gets nothing of a date whose numbers count people with a type 1 opt-out in their record; null where it may.
 * @param made what its release says, where it was made
 */
export function whyOptOuts(
  store: Reader,
  group: string,
  date: string,
  made: SignedOptOuts | null,
): Refusal | null {
  const basis = made === null ? optOutsAt(store, date) : SIGNED[made];
  if (basis === "before" && made === null) return madeBefore(date);
  if (basis === null || basis === "left-out" || groupOptOuts(store, group) === "counted") return null;
  const says = acceptedCharter(store, group) ? `the charter of ${group}` : `${group}, which has no charter,`;
  return {
    code: "opt-outs-counted",
    words: `what left for ${date} counts ${OPTED_OUT}, and ${says} leaves them out: it gets the next date`,
  };
}

/** Why nothing more is answered for a date of which something left before anybody was left out. */
function madeBefore(date: string): Refusal {
  return {
    code: "opt-outs-counted",
    words: `what left for ${date} was made before ${OPTED_OUT} were left out, and no more is made for it: ask for the next date`,
  };
}

/** Why a query is not answered for a date whose numbers count people with a type 1 opt-out in their record. */
function leavesThemOut(query: string, date: string): Refusal {
  return {
    code: "opt-outs-counted",
    words: `what left for ${date} counts ${OPTED_OUT}, and ${query} is to leave them out here: it gets the next date`,
  };
}

/**
 * Whether a run counts people with a type 1 opt-out in their record. Of a date for which nothing has left yet, the strictest word of the practice,
 * of every group that it is in and of every query that one of them may ask decides; from then on the date's own.
 * @returns why it is not answered, where this run may not be made as the date's others are
 */
export function optOutsFor(
  store: Reader,
  library: LibraryInForce,
  query: Pick<Query, "query" | "optOuts">,
  { run, referenceDate }: Pick<Run, "run" | "referenceDate">,
): OptOuts | Refusal {
  const asking = requestsOf(store, run).flatMap(({ group, state }) => (state === "ready" ? [group] : []));
  return optOutsAmong(store, library, query, referenceDate, asking);
}

/** @param asking groups that get the numbers, where they are made */
function optOutsAmong(
  store: Reader,
  library: LibraryInForce,
  query: Pick<Query, "query" | "optOuts">,
  date: string,
  asking: readonly string[],
): OptOuts | Refusal {
  const own = strictestOptOuts(
    chosenOptOuts(store, date),
    query.optOuts ?? "counted",
    ...asking.map((group) => groupOptOuts(store, group)),
  );
  switch (optOutsAt(store, date)) {
    case "left-out":
      return "left-out";
    case "counted":
      return own === "counted" ? own : leavesThemOut(query.query, date);
    case "before":
      return madeBefore(date);
    case null:
      return strictestOptOuts(
        own,
        ...joinedGroups(store).map((group) => groupOptOuts(store, group)),
        optOutsOfQueries(store, library),
      );
  }
}

/** Groups of the practice that leave people with a type 1 opt-out in their record out of what leaves, by name: while there is one they are left out. */
export function groupsLeavingOut(store: Reader): string[] {
  return joinedGroups(store).filter((group) => groupOptOuts(store, group) === "left-out");
}

/**
 * Whether a preview of a query counts people with a type 1 opt-out in their record: as its release would be made, for the groups that would get it.
 * @param library in force
 * @returns why nothing would be made for the date, where that is so
 */
export function optOutsOfPreview(
  store: Reader,
  library: LibraryInForce | null,
  query: Pick<Query, "query" | "optOuts">,
  date: string,
): OptOuts | Refusal {
  const groups = joinedGroups(store);
  if (groups.length === 0 || !library) return "left-out"; // nobody asks yet
  const counting = groups.filter((group) => groupOptOuts(store, group) === "counted");
  const isForThem = optOutsAt(store, date) === "counted" && counting.length > 0; // the others are refused: see whyOptOuts
  return optOutsAmong(store, library, query, date, isForThem ? counting : groups);
}

function joinedGroups(store: Reader): string[] {
  return allGroups(store).flatMap(({ group, state }) => (state === "joined" ? [group] : []));
}

/**
 * The strictest word of the queries of the library that a group of the practice may ask by its charter, and that the
 * practice has not declined for that group; asked or not, so that the hub cannot choose the date from which it holds.
 */
function optOutsOfQueries(store: Reader, { queries }: LibraryInForce): OptOuts {
  const leavingOut = new Set(
    queries.flatMap(({ query, optOuts }) => (optOuts === "left-out" ? [query] : [])),
  );
  const groups = joinedGroups(store);
  const holds = [...leavingOut].some((query) =>
    groups.some((group) => mayAsk(store, group, query) && !isDeclined(store, query, group)),
  );
  return holds ? "left-out" : "counted";
}

function mayAsk(store: Reader, group: string, query: string): boolean {
  const charters = [acceptedCharter(store, group), charterInForce(store, group)];
  return charters.some((known) => known !== null && asksQuery(known.charter, query));
}
