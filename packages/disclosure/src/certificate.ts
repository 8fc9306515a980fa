/**
 * The certificate of a decision, for the practice's log: which tests were made before a release. It holds no count of
 * people and no value.
 */
import type { DateLedger } from "./date-ledger.js";
import type { UndecidedTable } from "./table.js";
import { integersOf, type Policy, type PolicyIntegers } from "./policy.js";
import type { Publication } from "./publish.js";

export interface Certificate {
  readonly query: string;
  readonly version: string;
  readonly queryDigest: string;
  readonly date: string;
  readonly policy: PolicyIntegers;
  /** Digests of the library and the release history, from the caller; null where it gave none. */
  readonly libraryDigest: string | null;
  readonly historyDigest: string | null;
  /**
   * Number of groups that G2 protected: of the cross and its margins, of all versions, and sets withheld for another
   * reason.
   */
  readonly targets: number;
  /** Number of targets that needed linear programs. */
  readonly targetsBounded: number;
  /** Number of pairs that G1 compared at this date, in this batch, up to this table. */
  readonly pairs: number;
  /** Rank of the published sets, by prime. */
  readonly ranks: readonly { readonly prime: number; readonly rank: number }[];
}

/** Digests that go into every certificate of a batch. */
export interface Digests {
  readonly library?: string;
  readonly history?: string;
}

export function certificateOf(
  asked: UndecidedTable,
  policy: Policy,
  tested: { readonly published: Publication; readonly bounded: number; readonly ledger: DateLedger },
  digests: Digests,
): Certificate {
  return {
    query: asked.query,
    version: asked.version,
    queryDigest: asked.digest,
    date: asked.date,
    policy: integersOf(policy),
    libraryDigest: digests.library ?? null,
    historyDigest: digests.history ?? null,
    targets: tested.published.targets.length + tested.published.secrets,
    targetsBounded: tested.bounded,
    pairs: tested.ledger.pairs.tested,
    ranks: tested.published.ranks,
  };
}
