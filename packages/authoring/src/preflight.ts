/**
 * Estimates the cost of a query at practices of three sizes before it runs, with coarser splits where one costs too
 * much.
 */
import { preflight, type Policy, type Preflight, type DemographicLimits } from "@cairn/disclosure";
import { cellsOf, type Condition, type Query, type Split } from "@cairn/query-library";

export const SIZES = [3000, 8000, 15000] as const;
const CADENCES = ["month", "quarter", "year"] as const;
/** Released share of its counts below which a split, or a query, gets a warning. */
const TOO_LITTLE = 0.5;

/** Shares that only the records know: of those it can ask about, in the denominator; of these, in the numerator. */
export interface AssumedShares {
  readonly denominator: number;
  readonly numerator: number;
}

export interface PreflightReport {
  readonly query: Query;
  readonly assumed: AssumedShares;
  /** The query's own cadence first. */
  readonly cadences: readonly {
    readonly every: (typeof CADENCES)[number];
    readonly sizes: readonly Preflight[];
  }[];
  /** Sizes at which less than half of all counts would be released. */
  readonly tooLittleAt: readonly number[];
  readonly coarser: readonly CoarserSplit[];
}

/** The split to write in place of one that would release less than half of its counts at this size. */
export interface CoarserSplit {
  readonly patients: number;
  readonly split: Split;
  readonly released: number;
  /** The coarser splits; null where none releases half: the split is better left out. */
  readonly instead: readonly Split[] | null;
  readonly wouldRelease: number;
}

/** Shares where the query does not state them: a register of the size of diabetes', and a share in the middle. */
const USUAL = { register: 0.08, reached: 0.5 };

export function estimate(query: Query, policy: Policy, given: Partial<AssumedShares>): PreflightReport {
  const { who, isAll } = whoOf(query);
  const assumed: AssumedShares = {
    denominator: given.denominator ?? (isAll ? 1 : USUAL.register),
    numerator: given.numerator ?? USUAL.reached,
  };
  const cost: Cost = (splitBy, every, sizes) =>
    preflight(
      {
        cells: cellsOf({ ...query, splitBy }, NO_DATE),
        who,
        ...assumed,
        sensitive: query.sensitive,
        temporal: query.temporal,
        every,
      },
      policy,
      sizes,
    );
  const own = query.periods.every;
  const cadences = [own, ...CADENCES.filter((every) => every !== own)].map((every) => ({
    every,
    sizes: cost(query.splitBy, every, SIZES),
  }));
  const sizes = cadences[0]!.sizes;
  return {
    query,
    assumed,
    cadences,
    tooLittleAt: sizes.filter(({ released }) => released < TOO_LITTLE).map(({ patients }) => patients),
    coarser: sizes.flatMap((each) =>
      coarserAt(each, query, (splitBy, size) => cost(splitBy, own, [size])[0]!),
    ),
  };
}

type Cost = (
  splitBy: readonly Split[],
  every: (typeof CADENCES)[number],
  sizes: readonly number[],
) => Preflight[];
/** Cells depend on the date only where a query splits by the year of its events: any date has as many years. */
const NO_DATE = "2025-12-31";

function coarserAt(
  { patients, splits }: Preflight,
  query: Query,
  cost: (splitBy: readonly Split[], patients: number) => Preflight,
): CoarserSplit[] {
  return query.splitBy.flatMap((split): CoarserSplit[] => {
    const released = releasedOf(splits, split);
    if (released >= TOO_LITTLE) return [];
    const others = query.splitBy.filter((other) => other !== split && keysOf(other) !== keysOf(split));
    let tried = coarserThan(split);
    while (tried.length > 0) {
      const each = tried.map((instead) => {
        const { splits: found } = cost([...others, ...instead], patients);
        return { instead, released: Math.min(...instead.map((one) => releasedOf(found, one))) };
      });
      const most = each.reduce((a, b) => (b.released > a.released ? b : a));
      if (most.released >= TOO_LITTLE)
        return [{ patients, split, released, instead: most.instead, wouldRelease: most.released }];
      tried = most.instead.flatMap(coarserThan);
    }
    return [{ patients, split, released, instead: null, wouldRelease: 0 }];
  });
}

/** One step coarser: two neighbouring age bands made one, or a cross taken apart. */
function coarserThan(split: Split): Split[][] {
  const bands = split.flatMap((key, nth) => {
    if (key.key !== "age_band" || key.bounds.length < 2) return [];
    return key.bounds.map((bound) => [
      split.with(nth, { ...key, bounds: key.bounds.filter((other) => other !== bound) }),
    ]);
  });
  return bands.length > 0 || split.length === 1 ? bands : [split.map((key) => [key])];
}

function releasedOf(splits: Preflight["splits"], split: Split): number {
  const found = splits.find(({ keys }) => keys.join() === keysOf(split));
  return found ? 1 - found.withheld : 1;
}

function keysOf(split: Split): string {
  return split.map(({ key }) => key).join();
}

/** Ages and sex that the denominator asks for by themselves, and whether it asks for nothing else. */
function whoOf(query: Query): { who: DemographicLimits; isAll: boolean } {
  const start = query.unit === "people" ? query.denominator.start : null;
  const found = { from: 0, to: Infinity, sex: null as string | null, isAll: query.unit === "people" };
  const look = (condition: Condition): void => {
    if (condition.form === "all") return condition.of.forEach(look);
    if (condition.form === "age") {
      found.from = Math.max(found.from, condition.from ?? 0);
      found.to = Math.min(found.to, condition.to ?? Infinity);
    } else if (condition.form === "sex") found.sex = condition.sex;
    else if (condition.form === "fact") {
      const fact = query.facts[condition.fact];
      if (fact?.form === "condition") look(fact.condition);
      else found.isAll = false;
    } else if (condition.form !== "registered_for") found.isAll = false;
  };
  if (start) look(start);
  const { from, to, sex, isAll } = found;
  return { who: { ages: from > 0 || to < Infinity ? [from, to] : null, sex }, isAll };
}
