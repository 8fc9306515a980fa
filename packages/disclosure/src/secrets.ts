/**
 * What is withheld though it is not small, and must not come back from what is published: the targets that G2 has
 * beside the small groups.
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
 * `values`: it is kept from being computed within its query and versions; beside other queries' exact counts, which
 * nobody has, nothing is promised of it. `change`: it says something only beside another date, so what is withheld
 * for it is not sticky.
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

/** Why `count`, as it stands, has to be kept from being computed; null where nothing says so. */
export function kindOfSecret(count: Count, { strict }: Pick<Family, "strict">): Kind | null {
  if (count.people.length === 0) return null;
  const held = count.reason && HELD[count.reason];
  if (held) return held;
  if (count.reason === "g0-zero-or-full") return null; // not told is that all are in it, not who or how many
  return strict && (count.reason !== null || count.carries !== null) ? "change" : null;
}

/** Of a family before anything of it is published. @param rests see `carry`. */
export function secretsOf(family: Family, rests: readonly Members[]): Secret[] {
  const counts = countsOf(family).flatMap((count): Secret[] => {
    const kind = kindOfSecret(count, family);
    return kind ? [{ people: count.people, kind }] : [];
  });
  return [...counts, ...rests.map((people): Secret => ({ people, kind: "change" }))].filter(
    ({ people }) => people.length > 0,
  );
}

/** Of a version that was decided before. What was withheld for being small is among the small groups of its table. */
export function secretsOfEarlier({ cells }: HistoryEntry): Secret[] {
  return cells
    .flatMap(({ denominator, numerator }) => [denominator, numerator])
    .flatMap(({ reason, carried, members: people }): Secret[] => {
      if (people.length === 0) return [];
      const kind = (reason && HELD[reason]) ?? (carried ? "change" : null);
      return kind ? [{ people, kind }] : [];
    });
}
