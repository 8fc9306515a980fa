/** The hub's log and practices' logs held against each other, offline, by someone who trusts neither. */
import type { ClaimedExport, Policy } from "@cairn/audit-log";
import { BesideContent } from "../beside.js";
import { checkAllowed, checkPublished } from "./checks/allowed.js";
import { checkBytes } from "./checks/bytes.js";
import { checkMade, checkTaken } from "./checks/comparisons.js";
import { checkConsents, checkOwnConsents } from "./checks/consents.js";
import { checkCorrections } from "./checks/corrections.js";
import { checkKept, checkKeptCheckpoints, checkCheckpoints } from "./checks/countersigned.js";
import { checkCounted, checkJoints } from "./checks/hub-logs.js";
import {
  noteOlderExport,
  noteOtherHub,
  noteRestored,
  noteUnreportedWithdrawals,
} from "./checks/not-checked.js";
import { charterTexts, checkHubLooks, checkPracticeLooks } from "./checks/looks.js";
import { checkOptOuts, checkSignedOptOuts } from "./checks/opt-outs.js";
import { checkReceipted, checkReceipts } from "./checks/receipts.js";
import { checkSealed } from "./checks/sealed.js";
import { checkSent } from "./checks/releases.js";
import { checkWitnessed } from "./checks/witnessed.js";
import { checkUses } from "./checks/uses.js";
import { checkUseWitnesses } from "./checks/use-witnesses.js";
import { checkWrittenDown } from "./checks/written-down.js";
import { Findings, plural, problemLine, releaseName, type Problem } from "./findings.js";
import { Moments } from "./moments.js";
import {
  checkUnsigned,
  hubKeyOf,
  keyOfPolicy,
  proveHub,
  provePractice,
  readClaims,
  type ExportedLog,
  type HubSide,
  type PracticeSide,
} from "./sides.js";
import type { WireSignatures } from "./signatures.js";

export interface Account {
  readonly verified: boolean;
  /** The first thing that does not hold, in words; null when everything does. */
  readonly problem: string | null;
  readonly problems: readonly Problem[];
  /** Facts that are no problem and should be known. */
  readonly notes: readonly string[];
  /** The ISO time at which the hub signed its export; null where it does not state it. */
  readonly hubSignedAt: string | null;
  readonly releases: number; // held by the hub and found in a practice's log
  /** Received by the hub from practices (keepers) whose logs were not given: they stand unchecked. */
  readonly notChecked: { readonly practices: number; readonly releases: number };
  /** Entries of the hub's export that concern other practices and are closed in it. */
  readonly sealed: number;
  /** Entries of the hub's newest log under a checkpoint with the policy's quorum; null where no policy was given. */
  readonly witnessed: number | null;
  readonly bytes: number | null; // releases whose bytes were checked; null where the hub's export holds none
  readonly practices: readonly PracticeAccount[];
}

export interface PracticeAccount {
  readonly practice: string;
  readonly signedAt: string | null; // when it says that it signed its export, as an ISO time
  readonly entries: number;
  readonly releases: number;
  readonly withdrawn: number; // of the releases, those that the practice took back
  readonly waiting: number; // released here, and not received by the hub
  readonly onTheirWay: number; // received by the hub, their receipts not yet here
  readonly later: number; // received after this log was exported: not checked
  readonly countersigned: number; // entries of the hub's newest log that it countersigned
}

/**
 * Compares a hub's log with practices' logs.
 * @param practices one exported log a practice; a hub's releases of others are counted and not checked.
 * @param policy who has to have countersigned the hub's log; null where that is not asked
 */
export function crossCheck(
  hub: ExportedLog,
  practices: readonly ExportedLog[],
  wire: WireSignatures,
  policy: Policy | null = null,
): Account {
  return checked(hub, practices, wire, policy, { isOneSideEnough: false }).account;
}

/** An account with what the exports that can be read claim. */
interface CheckedFiles {
  readonly account: Account;
  readonly hub: ClaimedFile | null;
  readonly practices: readonly ClaimedFile[];
}

/** An export that can be read, as it claims to be. */
export interface ClaimedFile {
  readonly name: string; // of the export
  readonly said: ClaimedExport;
}

/** The same of whatever was given, with what was read on the way: of one side alone it checks what can be. */
export function checkedFiles(
  hub: ExportedLog | null,
  practices: readonly ExportedLog[],
  wire: WireSignatures,
  policy: Policy | null,
): CheckedFiles {
  return checked(hub, practices, wire, policy, { isOneSideEnough: true });
}

function checked(
  hub: ExportedLog | null,
  practices: readonly ExportedLog[],
  wire: WireSignatures,
  policy: Policy | null,
  { isOneSideEnough }: { readonly isOneSideEnough: boolean },
): CheckedFiles {
  const found = new Findings();
  const saidByHub = hub && readClaims(found, hub, "hub");
  const said = practices.map((log) => ({ log, said: readClaims(found, log, "practice") }));
  const read = said.flatMap(({ log, said }) => (said ? [{ name: log.name, said }] : []));
  const beside = new BesideContent([...(saidByHub ? [saidByHub] : []), ...read.map(({ said }) => said)]);
  const isHubAlone = isOneSideEnough && practices.length === 0;
  const pinned = (): Buffer | null =>
    hub &&
    hubKeyOf(
      found,
      read.map(({ said }) => said),
    );
  const rawKey = isHubAlone ? keyOfPolicy(policy, saidByHub) : pinned();
  const hubSide = hub && saidByHub && rawKey ? proveHub(found, hub.name, saidByHub, rawKey, wire) : null;
  if (isHubAlone && hub && saidByHub && !rawKey) checkUnsigned(found, hub.name, saidByHub);
  const sides = said.flatMap((each) => {
    const side = each.said && provePractice(found, each.log, each.said, hubSide, wire);
    return side ? [side] : [];
  });
  for (const side of sides) {
    checkAllowed(found, side, hubSide);
    checkUseWitnesses(found, side, beside);
    checkOptOuts(found, side, beside);
    noteRestored(found, side);
  }
  const sealed = hubSide ? checkSealed(found, hubSide, sides) : 0;
  const accounts = hubSide ? heldTogether(found, hubSide, sides, wire, beside) : [];
  const witnessed = hubSide && policy ? checkWitnessed(found, hubSide, policy) : null;
  const bytes = hubSide && checkBytes(found, hubSide, wire);
  const [first] = found.problems;
  const account = {
    verified: first === undefined,
    problem: first ? problemLine(first) : null,
    problems: found.problems,
    notes: found.notes,
    hubSignedAt: isoOf(hubSide?.logs.at(-1)?.signedAt),
    releases: accounts.reduce((sum, { releases }) => sum + releases, 0),
    notChecked: notChecked(found, hubSide, sides, practices.length),
    sealed,
    witnessed,
    bytes,
    practices: accounts,
  };
  return { account, hub: hub && saidByHub && { name: hub.name, said: saidByHub }, practices: read };
}

function heldTogether(
  found: Findings,
  hub: HubSide,
  sides: readonly PracticeSide[],
  wire: WireSignatures,
  beside: BesideContent,
): PracticeAccount[] {
  checkJoints(found, hub);
  checkCounted(found, hub);
  checkMade(found, hub);
  checkConsents(found, hub, wire);
  const charters = charterTexts(found, hub);
  checkHubLooks(found, hub, charters);
  const kept = checkKept(found, hub, wire);
  return sides.map((side) => {
    noteOtherHub(found, side);
    const moments = new Moments(hub, side);
    const signed = checkCheckpoints(found, hub, side, moments);
    checkKeptCheckpoints(found, side, kept, moments);
    const agreed = checkSent(found, hub, side, moments);
    checkPublished(found, hub, side, agreed.received);
    checkSignedOptOuts(found, hub, side, agreed.received, beside);
    noteOlderExport(found, hub, side, checkReceipts(found, hub, side, moments, wire), signed);
    noteUnreportedWithdrawals(found, hub, side, [...agreed.received.values()]);
    const onTheirWay = checkReceipted(found, hub, side, agreed, moments);
    checkUses(found, hub, side);
    checkOwnConsents(found, hub, side, moments, wire);
    checkTaken(found, hub, side, moments);
    checkPracticeLooks(found, side, charters);
    checkWrittenDown(found, hub, side, moments);
    return {
      practice: side.name,
      signedAt: isoOf(side.log.signedAt),
      entries: side.log.size,
      releases: agreed.received.size,
      withdrawn: checkCorrections(found, side),
      waiting: waiting(side, new Set([...agreed.received.values()].map(releaseName))),
      onTheirWay,
      later: agreed.later,
      countersigned: countersigned(hub, side),
    };
  });
}

function isoOf(ms: number | null | undefined): string | null {
  return ms == null ? null : new Date(ms).toISOString();
}

function waiting({ log }: PracticeSide, received: ReadonlySet<string>): number {
  return log.entries.filter((entry) => entry.kind === "released" && !received.has(releaseName(entry))).length;
}

function countersigned({ logs }: HubSide, { log }: PracticeSide): number {
  const newest = logs.at(-1);
  const sizes = log.entries.flatMap((entry) =>
    entry.kind === "checkpoint-countersigned" && entry.body.origin === newest?.origin ? entry.body.size : [],
  );
  return Math.max(0, ...sizes.slice(-1));
}

function notChecked(
  found: Findings,
  hub: HubSide | null,
  sides: readonly PracticeSide[],
  logs: number, // given of practices
): Account["notChecked"] {
  const given = new Set(sides.map(({ rawKey }) => rawKey));
  const others = (hub?.entries ?? []).filter(
    ({ kind, keeper }) => kind === "release-received" && !given.has(keeper),
  );
  const practices = new Set(others.map(({ keeper }) => keeper)).size;
  const failed = logs > sides.length ? ", or does not hold" : "";
  if (practices > 0)
    found.note(
      `Not checked: ${plural(others.length, "release")} of ${plural(practices, "practice")} whose log was not given${failed}.`,
    );
  return { practices, releases: others.length };
}
