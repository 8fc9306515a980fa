/**
 * Consents to be named: each to the people of one role of a group's charter, signed, and in the practice's log before it
 * leaves. Of a group and a role the newest counts.
 */
import { rolesWithNames, type CharterRole } from "@cairn/access";
import type { LogPosition } from "@cairn/audit-log";
import { practiceLog, type Actor } from "@cairn/ledger";
import { signConsent, type Consent__Output } from "@cairn/wire";
import {
  acceptedCharter,
  charterHere,
  charterInForce,
  heldCharter,
  type KnownCharter,
} from "../approvals/charters.js";
import { groupState } from "../approvals/groups.js";
import type { Change, Reader } from "../store/store.js";

/** A consent, or its end, as it is kept. */
export interface KeptConsent {
  readonly consent: Consent__Output;
  /** Whether the hub has confirmed that it holds it. */
  readonly acknowledged: boolean;
  readonly whyEnded: EndReason | null; // null of one that is given, and of an end of which it was not kept
}

/** Why a consent ended: a person took it back, or what it rested on is gone. */
export type EndReason =
  | "person"
  | "left" // the group
  | "charter" // another came into force
  | "hub" // set aside there: of its charter or the membership it had known an end that was not heard of here
  | "new-hub"; // the practice went to another

interface Row {
  grp: string;
  to_role: string;
  charter_digest: Buffer;
  until: string;
  ended: number;
  log_index: number;
  log_size: number;
  log_root: Buffer;
  signature: Buffer;
  acknowledged: number;
  why_ended: EndReason | null;
}

/** The newest of each group and role, ended or not. */
export function newestConsents(store: Reader): KeptConsent[] {
  return store.db
    .prepare<[], Row>(
      `SELECT * FROM consent WHERE position IN (SELECT max(position) FROM consent GROUP BY grp, to_role)
       ORDER BY grp, to_role`,
    )
    .all()
    .map(fromRow);
}

/** The newest for a group and a role; null where none was ever given. */
export function consentOf(store: Reader, group: string, to: CharterRole): KeptConsent | null {
  return newestConsents(store).find(({ consent }) => consent.group === group && consent.to === to) ?? null;
}

/**
 * The roles whose people the group's charter lets see practices by name: the charter that was accepted here, while it is the
 * one in force and the practice is in the group. None otherwise.
 */
export function namingRoles(store: Reader, group: string): CharterRole[] {
  const accepted = acceptedCharter(store, group);
  const isHeld = accepted !== null && groupState(store, group) === "joined";
  if (!isHeld || !charterInForce(store, group)?.digest.equals(accepted.digest)) return [];
  return rolesWithNames(group, charterHere(store, group));
}

/** Whether what a consent was given under still holds: whatever its date, no other charter and no other role counts. */
function standsFor(store: Reader, { group, charterDigest, to }: Consent__Output): boolean {
  return (
    (namingRoles(store, group) as string[]).includes(to) &&
    acceptedCharter(store, group)?.digest.equals(charterDigest) === true
  );
}

/** What is consented to. */
type Said = Pick<Consent__Output, "group" | "to" | "until" | "charterDigest">;

/** Gives a consent: logged, signed and kept. */
export function giveConsent(change: Change, said: Said, by: Actor): void {
  keep(change, said, null, change.note(practiceLog.consentGiven, { ...facts(said), by }));
}

/**
 * The roles to which the practice could have consented in a group, as far as it is known here: those that its charter, accepted
 * or in force, lets see names, and those of consents that are known.
 */
export function rolesThatCould(store: Reader, group: string): CharterRole[] {
  const charters = [acceptedCharter(store, group), charterInForce(store, group)].flatMap((known) =>
    known ? rolesNamedTo(group, known) : [],
  );
  const said = newestConsents(store).flatMap(({ consent }) => (consent.group === group ? [consent.to] : []));
  return [...new Set([...charters, ...(said as CharterRole[])])].sort();
}

/** The roles that a charter lets see names, whether or not it is accepted here. */
export function rolesNamedTo(group: string, { charter, digest }: KnownCharter): CharterRole[] {
  return rolesWithNames(group, { ...charter, digest: digest.toString("hex") });
}

/**
 * Ends what was consented to for a group and a role, also where it is not known here: a hub may hold it.
 * @param by the person; null where the practice leaves the group
 */
export function endConsentTo(change: Change, group: string, to: CharterRole, by: Actor | null): void {
  const charterDigest = heldCharter(change, group)?.digest ?? Buffer.alloc(32);
  const unknown = { group, to, until: change.today, charterDigest };
  endConsent(change, consentOf(change, group, to)?.consent ?? unknown, by === null ? "left" : "person", by);
}

/** Ends what was given, and forgets all of it: the hub that was told is gone, and another is not told. */
export function forgetConsents(change: Change): void {
  for (const { consent } of newestConsents(change))
    if (!consent.ended) endConsent(change, consent, "new-hub");
  change.db.prepare("DELETE FROM consent").run();
}

/** Ends a consent. @param by null where it follows from something else */
export function endConsent(change: Change, said: Said, why: EndReason, by: Actor | null = null): void {
  keep(change, said, why, change.note(practiceLog.consentEnded, { ...facts(said), by }));
}

/** Ends what rests on nothing any more: the practice left the group, or another charter of it is accepted or in force. */
export function endLapsedConsents(change: Change): void {
  for (const { consent } of newestConsents(change))
    if (!consent.ended && !standsFor(change, consent)) endConsent(change, consent, "charter");
}

function facts({ group, to, until, charterDigest }: Said) {
  return { group, to, until, charter: charterDigest.toString("hex") };
}

function keep(
  change: Change,
  { group, to, until, charterDigest }: Said,
  whyEnded: EndReason | null, // null: it is given
  { index, size, root }: LogPosition,
): void {
  const ended = whyEnded !== null;
  const unsigned = { group, to, until, charterDigest, ended, logIndex: index, logSize: size, logRoot: root };
  const { signature } = signConsent(unsigned, change.key);
  change.db
    .prepare(
      `INSERT INTO consent (grp, to_role, charter_digest, until, ended, log_index, log_size, log_root, signature, why_ended)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      ...([group, to, charterDigest, until, ended ? 1n : 0n] as const),
      ...([BigInt(index), BigInt(size), root, signature, whyEnded] as const),
    );
}

function fromRow(row: Row): KeptConsent {
  return {
    consent: {
      group: row.grp,
      charterDigest: row.charter_digest,
      to: row.to_role,
      until: row.until,
      ended: row.ended === 1,
      logIndex: row.log_index,
      logSize: row.log_size,
      logRoot: row.log_root,
      signature: row.signature,
    },
    acknowledged: row.acknowledged === 1,
    whyEnded: row.why_ended,
  };
}
