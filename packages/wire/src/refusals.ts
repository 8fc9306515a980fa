/** Every reason for which one side turns down what another asks; the closed list behind `Refusal.code`. */
export const REFUSAL_CODES = [
  // enrolment and identity
  "join-code-unknown", // no such code, or mistyped
  "join-code-expired", // older than 72 hours
  "join-code-used", // already redeemed by another key
  "awaiting-admission", // a second person at the hub has not compared the fingerprint yet
  "not-enrolled", // the certificate names no practice that this hub knows
  "bad-csr", // not a certificate request for a P-256 key that its sender holds
  "certificate-expired", // away for longer than a certificate lives: Renew with the enrolled key first
  "revoked", // the hub's operator revoked this agent
  "cloned", // another installation uses the same key with a newer generation
  "clock-skew", // the two clocks differ by more than the tolerance
  "hub-restored", // the hub came back from a backup that is older than what the agent holds
  // library and queries
  "bad-signature",
  "library-expired",
  "library-rollback",
  "library-malformed",
  "query-unknown", // no such query version in the accepted library
  "policy-too-weak", // a policy that breaks its own arithmetic, or would lower the floor
  "facts-unavailable", // the records' format carries none of what the query reads
  "history-lost", // the date was answered before the keeper was restored; its bytes are gone
  "date-not-asked", // no end of one of the query's own periods, or further back than the query asks
  "not-a-member", // nobody at the practice has accepted this group
  "floor-not-met", // the release was made under a weaker floor than this group's: it gets the next date
  "date-too-old", // older than the kept history, or a later date has already left
  // runs
  "run-unknown",
  "run-not-claimed", // no lease, or the lease ended
  "run-not-released", // nothing of it may be sent: still waiting, held, declined or refused
  "run-conflict", // another release was already counted for this run
  "run-withdrawn", // the practice took this release back: it is not counted any more
  "run-quarantined", // died twice while running
  "paused", // the practice has paused: nothing runs, nothing leaves
  "release-malformed", // not integers by position as the assignment says
  "release-too-large",
  "checkpoint-inconsistent", // the other log's new checkpoint does not extend the one seen before
  // the machine
  "disk-full",
  "store-unavailable",
  "bad-request",
  "internal",
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** A refusal with words for the person who meets it. Thrown by a handler, it reaches the other side as itself. */
export class WireRefusal extends Error {
  override readonly name = "WireRefusal";
  readonly code: RefusalCode;
  /** Exit code of the command line: 4 where trying again later can help, else 3. */
  readonly exit: 3 | 4;

  constructor(code: RefusalCode, words: string, options?: ErrorOptions) {
    super(words, options);
    this.code = code;
    this.exit = PASSING.has(code) ? 4 : 3;
  }

  get words(): string {
    return this.message;
  }
}

const PASSING: ReadonlySet<RefusalCode> = new Set([
  "disk-full",
  "store-unavailable",
  "internal",
  "awaiting-admission",
]);

export function isRefusalCode(code: string): code is RefusalCode {
  return (REFUSAL_CODES as readonly string[]).includes(code);
}
