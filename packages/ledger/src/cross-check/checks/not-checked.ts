/**
 * Notes what the age of an export or a restore leaves unchecked: no problem shows it, and nobody should overlook it.
 */
import { plural, releaseName, type Findings, type ReleaseFields } from "../findings.js";
import type { HubSide, PracticeLine, PracticeSide } from "../sides.js";
import { withdrawals } from "./called-back.js";
import type { LaterCheckpoints } from "./countersigned.js";

const DAY_MS = 86_400_000;

/** @param receipts of the practice, later than the hub's export. @param signed checkpoints, the same. */
export function noteOlderExport(
  found: Findings,
  { logs }: HubSide,
  { name }: PracticeSide,
  receipts: number,
  signed: LaterCheckpoints,
): void {
  const at = logs.at(-1)?.signedAt ?? null;
  if (at === null || receipts + signed.checkpoints === 0) return;
  const what = `${plural(receipts, "receipt")} and ${plural(signed.checkpoints, "checkpoint")} of ${name}`;
  const day = new Date(at).toISOString();
  found.note(`The hub's export is of ${day}; ${what} are later: not checked, export the hub's log again.`);
  const days = Math.floor(((signed.stampedAt ?? at) - at) / DAY_MS);
  if (days < 1) return;
  const stamped = new Date(signed.stampedAt ?? at).toISOString();
  found.note(
    `${name} holds the hub's own signature of ${stamped}, ${plural(days, "day")} later than the hub's export says of itself. If the two logs were exported together, the hub's log was cut and dated back: ask the hub's operator for its whole log.`,
  );
}

/**
 * Notes withdrawals that the hub has not received: it may still show those releases.
 * @param received releases in the hub's log, by the practice's entries.
 */
export function noteUnreportedWithdrawals(
  found: Findings,
  hub: HubSide,
  { name, log, rawKey }: PracticeSide,
  received: readonly { readonly body: ReleaseFields }[],
): void {
  const told = new Set(
    hub.entries.flatMap((entry) =>
      entry.kind === "release-withdrawn" && entry.keeper === rawKey ? releaseName(entry) : [],
    ),
  );
  const withdrawn = withdrawals(log.entries);
  const untold = new Set(
    received.map(releaseName).filter((release) => withdrawn.has(release) && !told.has(release)),
  );
  if (untold.size > 0)
    found.note(
      `${plural(untold.size, "withdrawal")} of ${name} that this hub export does not tell of: export the hub's log again later.`,
    );
}

/** A keeper that came back from a backup has from the hub what it lost; nothing shows that it was allowed. */
export function noteRestored(found: Findings, { log, name }: PracticeSide): void {
  const count = (kind: PracticeLine["kind"]): number =>
    log.entries.filter((entry) => entry.kind === kind).length;
  const restores = log.entries.filter(({ kind }) => kind === "restored");
  const newest = restores.at(-1);
  if (!newest) return;
  const at = new Date(newest.at).toISOString();
  const times = restores.length > 1 ? `${restores.length} times, last` : "from a backup";
  found.note(
    `${name} was restored ${times} at ${at}: ${plural(count("release-given-back"), "release")} and ${plural(count("use-given-back"), "use")} stand by what the hub gave back, without their acceptance, library or membership being checked. Ask the practice about the restore if nobody knows of it.`,
  );
}

/** Notes what is of another hub: what a practice sent to it, and had from it, is in that hub's log alone. */
export function noteOtherHub(found: Findings, { log, name, withHub }: PracticeSide): void {
  const own = new Set(withHub);
  const others = log.entries.filter((entry) => !own.has(entry));
  const last = others.at(-1);
  if (!last) return;
  const count = (...kinds: PracticeLine["kind"][]): number =>
    others.filter(({ kind }) => kinds.includes(kind)).length;
  const receipts = plural(count("receipt", "withdrawal-receipt", "use-receipt"), "receipt");
  const checkpoints = plural(
    count("checkpoint-countersigned", "hub-log-accepted"),
    "countersigned checkpoint",
  );
  const comparisons = plural(count("comparison-taken"), "comparison");
  found.note(
    `${name} was enrolled with another hub until ${new Date(last.at).toISOString()} (entry ${last.position}), and a person there enrolled it with this one: ${receipts}, ${checkpoints} and ${comparisons} of that hub are in no log of this one, and were not checked. That its ${plural(count("released"), "release")} of then ${count("released") === 1 ? "was" : "were"} allowed was checked by its own log. Where an export of that hub was kept, hold it against the practice's log as it was exported then.`,
  );
}
