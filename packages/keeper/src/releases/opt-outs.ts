/**
 * Whether people who opted out in the records are counted in what leaves: where the practice, the charters and the query
 * all say so, and else nowhere. Everything that leaves for one reference date is made alike, for ever: the difference of
 * two views of one date is exactly who opted out.
 *
 * Whom the practice itself leaves out (its own list, or marked as confidential) is in no number whatever is chosen here.
 */
import { strictestOptOuts, type Charter } from "@cairn/charters";
import type { Query } from "@cairn/query-library";
import { acceptedCharter, charterInForce } from "../approvals/charters.js";
import { allGroups } from "../approvals/groups.js";
import { allOffers, isDeclined } from "../approvals/offers.js";
import type { Refusal } from "../history/lost.js";
import { requestsOf } from "../runs/requests.js";
import type { Run } from "../runs/run.js";
import type { Change, Reader } from "../store/store.js";
import type { LibraryInForce } from "../trust/library.js";

type OptOuts = Charter["optOuts"];

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

/** The way in which what left for a reference date was made; null where nothing has left for it. */
export function optOutsAt(store: Reader, date: string): OptOuts | null {
  const made = store.db
    .prepare<[string], number>("SELECT DISTINCT opt_outs FROM release WHERE reference_date = ?")
    .pluck()
    .all(date);
  if (made.length === 0) return null;
  return made.every((each) => each === BY_CHOICE) ? "counted" : "left-out";
}

const BY_CHOICE = 2; // wire's OptOuts, as the table has it

/** A group's word: that of its charter, of the accepted and the newer one; without a charter they are left out. */
function groupOptOuts(store: Reader, group: string): OptOuts {
  const accepted = acceptedCharter(store, group)?.charter.optOuts;
  const inForce = charterInForce(store, group)?.charter.optOuts;
  return strictestOptOuts(accepted ?? "left-out", inForce ?? accepted ?? "left-out");
}

/** Why a group gets nothing of a date whose numbers count people who opted out; null where it may. */
export function whyOptOuts(store: Reader, group: string, date: string): Refusal | null {
  if (optOutsAt(store, date) !== "counted" || groupOptOuts(store, group) === "counted") return null;
  return {
    code: "opt-outs-counted",
    words: `what left for ${date} counts people who opted out, and the charter of ${group} leaves them out: it gets the next date`,
  };
}

/** Why a query is not answered for a date whose numbers count people who opted out. */
export function leavesThemOut(query: string, date: string): Refusal {
  return {
    code: "opt-outs-counted",
    words: `what left for ${date} counts people who opted out, and ${query} is to leave them out here: it gets the next date`,
  };
}

/**
 * Whether a run counts people who opted out. Of a date for which nothing has left yet, the strictest word of the practice,
 * of every group that it is in and of every query that one of them asks decides; from then on the date's own.
 * @returns null where the date counts them, and this run may not
 */
export function optOutsFor(
  store: Reader,
  library: LibraryInForce,
  query: Pick<Query, "optOuts">,
  { run, referenceDate }: Pick<Run, "run" | "referenceDate">,
): OptOuts | null {
  const asking = requestsOf(store, run).filter(({ state }) => state === "ready");
  const own = strictestOptOuts(
    chosenOptOuts(store, referenceDate),
    query.optOuts ?? "counted",
    ...asking.map(({ group }) => groupOptOuts(store, group)),
  );
  switch (optOutsAt(store, referenceDate)) {
    case "left-out":
      return "left-out";
    case "counted":
      return own === "counted" ? own : null;
    case null:
      return strictestOptOuts(
        own,
        ...joinedGroups(store).map((group) => groupOptOuts(store, group)),
        ...asked(store, library),
      );
  }
}

/** Groups of the practice that leave people who opted out out of what leaves, by name: while there is one they are left out. */
export function groupsLeavingOut(store: Reader): string[] {
  return joinedGroups(store).filter((group) => groupOptOuts(store, group) === "left-out");
}

/** Whether a preview of a query counts people who opted out: as its release would be made if it were alone at its date. */
export function optOutsOfPreview(store: Reader, query: Pick<Query, "optOuts">, date: string): OptOuts {
  const groups = joinedGroups(store);
  if (groups.length === 0) return "left-out"; // nothing leaves
  const words = groups.map((group) => groupOptOuts(store, group));
  return strictestOptOuts(
    optOutsAt(store, date) ?? "counted",
    chosenOptOuts(store, date),
    query.optOuts ?? "counted",
    ...words,
  );
}

function joinedGroups(store: Reader): string[] {
  return allGroups(store).flatMap(({ group, state }) => (state === "joined" ? [group] : []));
}

/** The words of the queries in force that a group of the practice asks, and that it has not declined for that group. */
function asked(store: Reader, { queries }: LibraryInForce): OptOuts[] {
  const words = new Map(queries.flatMap(({ digest, optOuts }) => (optOuts ? [[digest, optOuts]] : [])));
  if (words.size === 0) return [];
  const joined = new Set(joinedGroups(store));
  return allOffers(store).flatMap(({ digest, query, group }) => {
    const word = words.get(digest.toString("hex"));
    return word && joined.has(group) && !isDeclined(store, query, group) ? [word] : [];
  });
}
