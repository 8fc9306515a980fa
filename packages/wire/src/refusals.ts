import { CairnError, type ErrorKind } from "@cairn/errors";

/** Every reason for which one side turns down what another asks; the closed list behind `Refusal.code`. */
const KIND = {
  // enrolment and identity
  "join-code-unknown": "refused", // no such code, or mistyped
  "join-code-expired": "refused", // older than 72 hours
  "join-code-used": "refused", // already redeemed by another key
  "awaiting-admission": "unavailable", // a second person at the hub has not compared the fingerprint yet
  "not-enrolled": "refused", // the certificate names no practice that this hub knows
  "bad-csr": "refused", // not a certificate request for a P-256 key that its sender holds
  "certificate-expired": "refused", // away for longer than a certificate lives: Renew with the enrolled key first
  revoked: "refused", // the hub's operator revoked this agent
  cloned: "refused", // another installation uses the same key with a newer generation
  "clock-skew": "refused", // the two clocks differ by more than the tolerance
  "hub-restored": "refused", // the hub came back from a backup that is older than what the agent holds
  // library and queries
  "bad-signature": "refused", // of a release, a withdrawal or a checkpoint
  "library-unsigned": "refused", // signatures that the library needs are missing, or are of others
  "library-mixed": "refused", // files of different publications, or not those that were signed
  "library-incomplete": "refused", // a file of the library is missing
  "library-expired": "refused", // nothing new is accepted under it
  "library-rollback": "refused", // older than one that was accepted before
  "library-malformed": "refused", // not a library, or a query in it does not check
  "query-unknown": "refused", // no such query version in the accepted library
  "policy-too-weak": "refused", // a policy that breaks its own arithmetic, or would lower the floor
  "facts-unavailable": "refused", // the records' format carries none of what the query reads
  "history-lost": "refused", // the date was answered before the keeper was restored; its bytes are gone
  "date-not-asked": "refused", // no end of one of the query's own periods, or further back than the query asks
  "not-a-member": "refused", // nobody at the practice has accepted this group
  "not-in-charter": "refused", // not among the queries of the group's charter that the practice accepted
  "floor-not-met": "refused", // the release was made under a weaker floor than this group's: it gets the next date
  "opt-outs-counted": "refused", // what left for the date counts people with a type 1 opt-out in their record, which this group or query does not: it gets the next
  "date-too-old": "refused", // older than the kept history, or a later date has already left
  // consent to be named
  "consent-charter-wrong": "refused", // not under the charter in force of its group, or to a role that it lets see no name
  "consent-date-wrong": "refused", // its last day is over, or more than a year away
  // runs
  "run-unknown": "refused", // no run of this name here
  "run-not-claimed": "refused", // no lease, or the lease ended
  "run-not-released": "refused", // nothing of it may be sent: still waiting, held, declined or refused
  "run-conflict": "refused", // another release was already counted for this run
  "run-withdrawn": "refused", // the practice took this release back: it is not counted any more
  "run-quarantined": "refused", // crashed twice while running
  paused: "refused", // the practice has paused: nothing runs, nothing leaves
  "release-malformed": "refused", // not integers by position as the assignment says
  "release-too-large": "refused",
  "checkpoint-inconsistent": "refused", // the other log's new checkpoint does not extend the one seen before
  "waiting-for-witness": "unavailable", // the library's publication is not proved under the witnesses' quorum yet
  "proof-wrong": "refused", // what should prove an entry of the hub's log does not
  // comparisons
  "comparison-unsigned": "refused", // not these bytes bear the signature of the hub's log
  "comparison-malformed": "refused", // signed, and no document of a comparison
  "comparison-not-in-log": "refused", // no entry of the hub's log, as countersigned, names this document
  "comparison-older": "refused", // a newer one of the same query and date is here
  "comparison-differs": "refused", // another one of the same revision is here: one of two members was told something else
  "comparison-own-dot-missing": "refused", // this practice released in time, and its dot is not among the dots
  "comparison-miscounted": "refused", // it counts this practice in a way that cannot be
  // the machine
  "disk-full": "unavailable", // it can be tried again once there is room
  "store-unavailable": "unavailable", // the database cannot be written now
  "bad-request": "refused", // a field is missing, too long or not of its form
  internal: "unavailable", // a fault there, of which only its log says more
} as const satisfies Record<string, Extract<ErrorKind, "refused" | "unavailable">>;

export type RefusalCode = keyof typeof KIND;
export const REFUSAL_CODES = Object.keys(KIND) as readonly RefusalCode[];

/** A refusal with words for the person who meets it. Thrown by a handler, it reaches the other side as itself. */
export class WireRefusal extends CairnError<RefusalCode> {
  readonly kind = KIND[this.code];

  /** Whether the same call can succeed later without anybody having changed it. */
  get retriable(): boolean {
    return this.kind === "unavailable";
  }

  get words(): string {
    return this.message;
  }
}

export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(KIND, code);
}
