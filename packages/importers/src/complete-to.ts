/** To which day the records are complete with an extract: what it says, what a person says, and what its events show. */
import { dayNumber, isoDate } from "@cairn/query-library";
import { QUIET_DAYS, type Reach } from "@cairn/records";
import { ImportError } from "./errors.js";
import { type DatedFacts, type Gap, missingBetween, gapWords } from "./gap.js";
import type { ExtractFacts, Importer } from "./importer.js";
import { lastWholeDay } from "./moments.js";
import type { ImportRequest } from "./request.js";

/** The last day for which an extract is complete by what it says of itself; null where it does not say. */
export function dayOf({ to }: ExtractFacts): number | null {
  return to === null ? null : lastWholeDay(to);
}

/** The day of a moment, in UTC or here, whichever is later. */
export function todayOf(now: Date): number {
  const here = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return Math.max(...[now, here].map((each) => dayNumber(each.toISOString().slice(0, 10))));
}

/** Notes the day to which records count as complete where nobody gave it now: what is released depends on it. */
export function noteUnsaidDay(
  claimed: number | null,
  held: string | null,
  note: (text: string) => void,
): void {
  if (claimed !== null)
    note(
      `no --complete-to was given: taken as complete to ${isoDate(claimed)}, as the extract says of itself; what is released rests on it`,
    );
  else if (held !== null)
    note(
      `no --complete-to was given, and the extract names no day: the records count as complete to ${held}, as before`,
    );
}

/** Checks the day to which an extract is complete. @throws ImportError where it has not come yet */
export function requireNotAfter({ now, unattended }: ImportRequest, coversTo: number | null): void {
  if (coversTo === null || coversTo <= todayOf(now)) return;
  throw new ImportError(
    "not-this-format",
    `the extract says of itself that it is complete to ${isoDate(coversTo)}, which has not come yet; put that right there, or ${unattended === true ? "take it in by hand with cairn agent import, saying" : "say"} the last day for which it is complete with --complete-to; nothing was kept`,
  );
}

/** Checks that the extract is not older than the records. @throws ImportError where it is */
export function requireNotOlder(coversTo: number | null, held: string | null): void {
  if (coversTo === null || held === null || isoDate(coversTo) >= held) return;
  throw new ImportError(
    "older-extract",
    `this extract is complete to ${isoDate(coversTo)} and the records are to ${held}: it would undo what came after it; give extracts in their order, or say --older if that is meant, and then give those after it again, oldest first (cairn agent watch takes those that it still has by itself); nothing was kept`,
  );
}

/** Notes what to do after an extract that is older than the records. */
export function noteOlder(coversTo: number | null, held: string | null, note: (text: string) => void): void {
  if (coversTo === null || held === null || isoDate(coversTo) >= held) return;
  note(
    `the records were complete to ${held} and are to ${isoDate(coversTo)} now: give the extracts after that day again, oldest first (cairn agent watch takes those that it still has by itself)`,
  );
}

/**
 * Finds what is missing between an extract of what changed and the one before it; null where nothing is. A format of
 * nights does not say of each that it is one.
 */
export function missingBefore(
  { nightly }: Importer,
  facts: ExtractFacts,
  { whole }: ImportRequest,
  last: string | null,
): Gap | null {
  const isChanges = facts.kind === "delta" || (facts.kind === null && nightly === true);
  if (!isChanges || whole === true || facts.to === null || last === null || facts.to <= last) return null;
  return missingBetween({ ...facts, to: facts.to }, last);
}

/**
 * Checks that extracts that are given at once follow one another, from the first on that is newer than the records; those
 * that are older follow what nobody knows any more. With `older` a gap is noted.
 * @throws ImportError where a day is missing between two
 */
export function requireNoGap(
  each: readonly ExtractFacts[],
  last: string | null,
  { older }: Pick<ImportRequest, "older">,
  note: (text: string) => void,
): void {
  const fresh = each.filter(({ to }) => to !== null && (last === null || to > last)) as DatedFacts[];
  const gaps = fresh.slice(1).map((facts, i) => missingBetween(facts, fresh[i]!.to));
  const missing = gaps.filter((gap) => gap !== null);
  const words = (gap: Gap): string =>
    `between two of these extracts ${gapWords(gap)}: what changed there is not known`;
  if (older === true)
    for (const gap of missing)
      note(
        `${words(gap)}; --older takes them all the same: take it in with --older too, and then those after it again`,
      );
  else if (missing.length > 0)
    throw new ImportError(
      "gap",
      `${words(missing[0]!)}; give it with them, or give them one by one, the oldest first; nothing was kept`,
    );
}

/**
 * The day of an extract that was loaded before: one earlier than the records' holds only if a person gives it now.
 */
export function dayOfKnown(
  request: ImportRequest,
  coversTo: number | null,
  held: string | null,
  note: (text: string) => void,
): number | null {
  const earlier = coversTo !== null && held !== null && isoDate(coversTo) < held;
  if (!earlier || request.completeTo !== null || request.older === true) return coversTo;
  note(`this extract is complete to ${isoDate(coversTo)}; the records stay complete to ${held}`);
  return null;
}

/**
 * Checks that the records reach the day to which they are said to be complete.
 * @throws ImportError where that day is long after the newest month of usual volume (`@cairn/records`, volume.ts).
 * The answer that is then needed changes with the day, so that a script that gives the same one each night is refused
 * again. Where the usual volume is unknown nothing is refused.
 */
export function requireReached(request: ImportRequest, coversTo: number | null, { all }: Reach): void {
  if (coversTo === null || all?.usual_to == null) return;
  const quiet = coversTo - dayNumber(all.usual_to);
  if (quiet <= QUIET_DAYS || quiet === request.quietDays) return;
  const how =
    request.unattended === true
      ? `take it in by hand with cairn agent import and --quiet-days ${quiet}`
      : `say --quiet-days ${quiet} too`;
  const usual = Math.round(all.usual_month ?? 0);
  throw new ImportError(
    "beyond-events",
    `${isoDate(coversTo)} is ${quiet} days after ${all.usual_to}, where the newest month of usual volume ends (some ${usual} events; the newest event is of ${all.newest}): look whether the extract has stopped, and ${request.unattended === true ? "ask the supplier for a whole one" : "say the day that it reaches"}; if it really is complete to ${isoDate(coversTo)}, ${how}; nothing was kept`,
  );
}
