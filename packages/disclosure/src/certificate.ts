/** What was tested before a release, for the practice's log. It holds no count of people and no value. */
import type { DateLedger } from "./date-ledger.js";
import type { Asked } from "./table.js";
import { integersOf, type Policy, type PolicyIntegers } from "./policy.js";
import type { Published } from "./publish.js";

export interface Certificate {
  readonly query: string;
  readonly version: string;
  readonly queryDigest: string;
  readonly date: string;
  readonly policy: PolicyIntegers;
  /** Of the library and the release history, as the caller gave them; null where it gave none. */
  readonly libraryDigest: string | null;
  readonly historyDigest: string | null;
  /** Groups of the cross and its margins, of all versions, and sets withheld for another reason, that G2 protected. */
  readonly targets: number;
  /** Targets that needed linear programs. */
  readonly targetsBounded: number;
  /** Pairs that G1 compared at this date, in this batch, up to here. */
  readonly pairs: number;
  /** By prime, the rank of what is published. */
  readonly ranks: readonly { readonly prime: number; readonly rank: number }[];
}

/** Digests that go into every certificate of a batch. */
export interface Digests {
  readonly library?: string;
  readonly history?: string;
}

export function certificateOf(
  asked: Asked,
  policy: Policy,
  tested: { readonly published: Published; readonly bounded: number; readonly ledger: DateLedger },
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
