/** The one rule on which consent to be named counts: the hub shows names by it, and whoever checks its log asks it again. */

/** A practice's consent to be named to a role of a group, or its end, as it signed it. */
export interface SignedConsent {
  readonly ended: boolean;
  readonly charter: string; // digest in hex, of the charter under which it was given
  readonly until: string; // ISO day, the last
  readonly logIndex: number; // its place in the practice's own log
}

/**
 * The consent that counts on a day, of all that one practice said to one role: what stands last in the practice's log, in
 * whatever order it came, given under the charter that is in force, up to its last day.
 * @param charter digest in hex
 * @param day ISO
 */
export function consentOn<C extends SignedConsent>(
  all: readonly C[],
  charter: string,
  day: string,
): C | null {
  const last = all.reduce<C | null>(
    (newest, one) => (newest === null || comesAfter(one, newest) ? one : newest),
    null,
  );
  return last !== null && !last.ended && last.charter === charter && day <= last.until ? last : null;
}

function comesAfter(one: SignedConsent, other: SignedConsent): boolean {
  return one.logIndex > other.logIndex || (one.logIndex === other.logIndex && one.ended);
}
