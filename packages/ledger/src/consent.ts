/** The one rule on which consent to be named counts: the hub shows names by it, and whoever checks its log asks it again. */

/** A practice's consent to be named to a role of a group, or its end, as it signed it. */
export interface SignedConsent {
  readonly ended: boolean;
  readonly charter: string; // digest in hex, of the charter under which it was given
  readonly until: string; // ISO day, the last
  readonly logIndex: number; // its place in the practice's own log
  readonly keeper: string; // key in hex, of the keeper that signed it; empty of an end that is the hub's own
}

/** The basis of a consent that counts on a day. */
export interface ConsentBasis {
  readonly charter: string; // digest in hex, of the charter in force
  readonly day: string; // ISO
  readonly keeper: string | null; // key in hex, of the practice's agent that is admitted; null where none is
}

/**
 * The consent that counts on a day, of all that one practice said to one role: given by its present keeper under the charter
 * in force, up to its last day. An end ends all that the hub had before it, for a keeper from a backup uses its log's places
 * again; the hub's own ends are that the practice left the group, and that another charter came into force: a charter that comes
 * back later brings back no consent. What comes after an end counts only from a place above every end's, for whoever carries it may hold it back.
 * @param all in the order of the hub's log
 */
export function consentOn<C extends SignedConsent>(
  all: readonly C[],
  { charter, day, keeper }: ConsentBasis,
): C | null {
  let newest: C | null = null;
  let lastEnd = -1;
  for (const one of all) {
    if (one.ended) newest = null;
    if (one.keeper !== keeper) continue;
    if (one.ended) lastEnd = Math.max(lastEnd, one.logIndex);
    else if (one.logIndex > lastEnd && (newest === null || replaces(one, newest))) newest = one;
  }
  return newest !== null && newest.charter === charter && day <= newest.until ? newest : null;
}

/** Whether one takes the other's place: it stands later in the practice's log, or ends sooner. */
function replaces(one: SignedConsent, other: SignedConsent): boolean {
  return one.logIndex > other.logIndex || one.until < other.until;
}
