/** Runs as messages to the courier. */
import { isName, printable, type GroupRequest, type RunState } from "@cairn/wire";
import { charterWaits } from "../approvals/charters.js";
import { groupState } from "../approvals/groups.js";
import { isPaused } from "../store/settings.js";
import { usesOf } from "../releases/uses.js";
import { signedWithdrawal } from "../releases/withdrawal.js";
import type { KeeperStore, Reader } from "../store/store.js";
import { libraryExpired } from "../trust/expiry.js";
import type { TurnedDownAssignment } from "../review/offer.js";
import { requestsOf } from "../runs/requests.js";
import { findRun, type Run } from "../runs/run.js";
import { onTheWire } from "../runs/states.js";

/** A run's message, with each group that asks for it. */
export function runMessage(store: KeeperStore, run: Run): RunState {
  return {
    run: run.run,
    state: onTheWire(run.state),
    attempt: run.attempt,
    refusal: run.state === "waiting-for-library" ? libraryExpired(store) : run.refusal,
    change: run.change,
    query: run.query,
    referenceDate: run.referenceDate,
    withdrawal: signedWithdrawal(store, run),
    groups: groupsOf(store, run),
  };
}

/** Messages on assignments that were refused and are not stored, so that the hub learns why. One for each run. */
export function turnedDownStates(
  store: KeeperStore,
  turnedDown: readonly TurnedDownAssignment[],
): RunState[] {
  const states = new Map<string, RunState & { groups: GroupRequest[] }>();
  for (const { assignment, refusal } of turnedDown) {
    const { run, query, referenceDate: date, group } = assignment;
    const state = onTheWire("refused");
    const known = states.has(run) ? null : findRun(store, run);
    const told = states.get(run) ?? {
      run,
      state,
      refusal,
      query: printable(query, 128),
      referenceDate: printable(date, 10),
      ...(known && runMessage(store, known)), // a run that is known is turned down for this group alone
      groups: known ? groupsOf(store, known) : [],
    };
    if (isName(group)) told.groups.push({ group, state, refusal, use: null, groupWaits: false });
    states.set(run, told);
  }
  return [...states.values()];
}

function groupsOf(store: Reader, run: Run): GroupRequest[] {
  const uses = new Map(usesOf(store, run).map((kept) => [kept.use.group, kept]));
  const paused = isPaused(store);
  return requestsOf(store, run.run).map(({ group, state, refusal }) => {
    const kept = uses.get(group);
    const isLeave =
      kept && run.state === "acknowledged" && !paused && (kept.acknowledged || state === "ready");
    const isTold = kept && (kept.use.ended || isLeave);
    const refused = run.state === "refused" && state !== "declined";
    return {
      group,
      state: onTheWire(refused ? "refused" : state),
      refusal: refused ? (refusal ?? run.refusal) : refusal,
      use: isTold ? kept.use : null,
      groupWaits:
        state === "waiting-for-approval" &&
        (groupState(store, group) === "waiting" || charterWaits(store, group)),
    };
  });
}
