/** What groups asked, and under which of their charters they had each release, as far as the exports tell. */
import type { QueryName } from "../report/lines.js";
import type { GivenFiles } from "./given.js";
import type { GroupCharter } from "./group-charters.js";
import { isWithin, type Period } from "./period.js";

/** A group's use of a release. */
interface Use {
  readonly time: string; // ISO 8601
  /** The digest of the charter under which the practice signed it, "" for none; null where only the hub tells of it. */
  readonly charter: string | null;
}

/** A group's use of a query version. */
export interface AskedQuestion extends QueryName {
  readonly group: string;
  readonly from: string; // ISO 8601
  readonly uses: ReadonlyMap<string, Use>; // by release
  readonly sides: { readonly hub: ReadonlySet<string>; readonly practices: ReadonlySet<string> }; // whose logs tell of a release
}

interface Growing extends AskedQuestion {
  readonly uses: Map<string, Use>;
  readonly sides: { readonly hub: Set<string>; readonly practices: Set<string> };
}

/** @returns `unplaced`: by group, how many releases for it of which no export says to what question they are */
export function askedOf({ hub, practices, runs }: GivenFiles): {
  readonly asked: readonly AskedQuestion[];
  readonly unplaced: ReadonlyMap<string, number>;
} {
  const asked = new Map<string, Growing>();
  const unplaced = new Map<string, number>();
  const of = (group: string, { query, version, digest }: QueryName, from: string): Growing => {
    const key = `${group} ${digest}`;
    const none = {
      uses: new Map<string, Use>(),
      sides: { hub: new Set<string>(), practices: new Set<string>() },
    };
    const known = asked.get(key) ?? { group, query, version, digest, from, ...none };
    const earlier = known.from < from ? known : { ...known, from };
    asked.set(key, earlier);
    return earlier;
  };
  for (const entry of hub?.entries ?? []) {
    if (entry.kind === "collection-opened") of(entry.body.group, entry.body, entry.time);
    if (entry.kind !== "use-received") continue;
    const { group, run, correction } = entry.body;
    const known = runs.get(run);
    if (known) {
      const { uses, sides } = of(group, known, entry.time);
      uses.set(`${run} ${correction}`, { time: entry.time, charter: null });
      sides.hub.add(`${run} ${correction}`);
    } else unplaced.set(group, (unplaced.get(group) ?? 0) + 1);
  }
  for (const entry of practices.flatMap(({ entries }) => entries)) {
    if (entry.kind === "query-offered") of(entry.body.group, entry.body, entry.time);
    if (entry.kind !== "use") continue;
    const { group, run, correction, query, version, query_digest: digest, charter } = entry.body;
    const { uses, sides } = of(group, { query, version, digest }, entry.time);
    uses.set(`${run} ${correction}`, { time: entry.time, charter });
    sides.practices.add(`${run} ${correction}`);
  }
  return { asked: [...asked.values()], unplaced };
}

/** A group's use of a query version while one of its charters held, with the releases of the period that it had by it. */
export interface CharteredQuestion extends AskedQuestion {
  readonly charter: GroupCharter | null; // null: none held
}

/**
 * Parts what was asked by the charters that held in a period, the oldest first: each that was in force then, or under which a
 * release was used then. Null comes first, where something was used while none held, or none did at all.
 */
export function underEach(
  asked: AskedQuestion,
  charters: readonly GroupCharter[], // of the group, the oldest first
  period: Period,
): CharteredQuestion[] {
  const uses = [...asked.uses].filter(([, use]) => isWithin(use, period));
  const of = new Map(uses.map(([release, use]) => [release, charterOf(use, charters)]));
  const under = (charter: GroupCharter | null): CharteredQuestion => ({
    ...asked,
    charter,
    uses: new Map(uses.filter(([release]) => of.get(release) === charter)),
  });
  const held = charters
    .map(under)
    .filter(({ charter, uses }) => uses.size > 0 || (charter !== null && isHeld(charter, asked, period)));
  const without = under(null);
  return without.uses.size > 0 || held.length === 0 ? [without, ...held] : held;
}

/** The charter of a use: the one that the practice signed, or without its word the one in force then. */
function charterOf({ time, charter }: Use, charters: readonly GroupCharter[]): GroupCharter | null {
  if (charter === "") return null;
  const signed = charters.filter(({ digest }) => digest === charter);
  const known = signed.length > 0 ? signed : charters;
  const isThen = ({ from, to }: GroupCharter): boolean => from <= time && (to === null || time < to);
  return known.findLast(isThen) ?? signed.at(-1) ?? null;
}

/** Whether a charter was in force in a period, after the question was asked. */
function isHeld({ from, to }: GroupCharter, asked: AskedQuestion, period: Period): boolean {
  const isOver = (day: string): boolean => to !== null && to.slice(0, 10) < day;
  return (
    !isOver(asked.from.slice(0, 10)) && !isOver(period.from ?? "") && from.slice(0, 10) <= (period.to ?? from)
  );
}
