/**
 * Secrets: sets that are withheld though they are not small, and must not be computable from what is published. G2
 * protects them beside the small groups.
 *
 * A count that G1 withheld differs by a few people from one that was released, so whoever computes it sees them. A
 * sum with one large contributor says his part to whoever makes a small part of it. In a strict query the number
 * today of what is carried, of what is withheld, and of the rest of a cell whose change is small, says a change of a
 * few people beside its last value (g4-time.ts). Each of them of this version and of every earlier one at the date.
 */
import { countsOf, type Count, type Family } from "./family.js";
import type { HistoryEntry } from "./history.js";
import type { Members } from "./members.js";
import type { Reason } from "./reason.js";

/**
 * Kinds of secret. `values`: protected within its query and versions only, since nobody has other queries' exact
 * counts. `change`: tells something only beside another date, so what is withheld for it is not sticky.
 */
export type Kind = "group" | "values" | "change";

export interface Secret {
  readonly people: Members;
  readonly kind: Kind;
}

const HELD: Readonly<Partial<Record<Reason, Kind>>> = {
  "g0-dominated": "group",
  "g1-pair": "group",
  "g1-values": "values",
};

/** The kind of secret that `count` is as it stands; null where it is none. */
export function kindOfSecret(count: Count, { strict }: Pick<Family, "strict">): Kind | null {
  if (count.people.length === 0) return null;
  const held = count.reason && HELD[count.reason];
  if (held) return held;
  if (count.reason === "g0-zero-or-full") return null; // not told is that all are in it, not who or how many
  return strict && (count.reason !== null || count.carries !== null) ? "change" : null;
}

/** The secrets of a family before anything of it is published. @param rests see `carry`. */
export function secretsOf(family: Family, rests: readonly Members[]): Secret[] {
  const counts = countsOf(family).flatMap((count): Secret[] => {
    const kind = kindOfSecret(count, family);
    return kind ? [{ people: count.people, kind }] : [];
  });
  return [...counts, ...rests.map((people): Secret => ({ people, kind: "change" }))].filter(
    ({ people }) => people.length > 0,
  );
}

/**
 * The secrets of a version that was decided before. Counts withheld for being small are among the small groups of its
 * table.
 */
export function secretsOfEarlier({ cells }: HistoryEntry): Secret[] {
  return cells
    .flatMap(({ denominator, numerator }) => [denominator, numerator])
    .flatMap(({ reason, carried, members: people }): Secret[] => {
      if (people.length === 0) return [];
      const kind = (reason && HELD[reason]) ?? (carried ? "change" : null);
      return kind ? [{ people, kind }] : [];
    });
}
