/** A run as the courier hears of it. */
import { isName, printable, type GroupRequest, type RunState } from "@cairn/wire";
import { isPaused } from "../practice/settings.js";
import { usesOf } from "../releases/uses.js";
import { signedWithdrawal } from "../releases/withdrawal.js";
import type { KeeperStore } from "../store/store.js";
import { libraryExpired } from "../trust/expiry.js";
import type { TurnedDown } from "./offer.js";
import { requestsOf } from "./requests.js";
import { findRun, type Run } from "./run.js";
import { onTheWire } from "./states.js";

/** A run as it stands, with each group that asks for it. */
export function runState(store: KeeperStore, run: Run): RunState {
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

/** What was turned down and is not kept: the hub hears why all the same. */
export function turnedDownState(store: KeeperStore, { assignment, refusal }: TurnedDown): RunState {
  const { run, query, referenceDate, group } = assignment;
  const state = onTheWire("refused");
  const groups = isName(group) ? [{ group, state, refusal, use: null }] : [];
  const known = findRun(store, run); // then it is this group alone that is turned down
  if (known) return { ...runState(store, known), groups: [...groupsOf(store, known), ...groups] };
  return {
    run,
    state,
    refusal,
    query: printable(query, 128),
    referenceDate: printable(referenceDate, 10),
    groups,
  };
}

function groupsOf(store: KeeperStore, run: Run): GroupRequest[] {
  const uses = new Map(usesOf(store, run).map((kept) => [kept.use.group, kept]));
  const paused = isPaused(store);
  return requestsOf(store, run.run).map(({ group, state, refusal }) => {
    const kept = uses.get(group);
    const isTold = kept && (kept.use.ended || (run.state === "acknowledged" && !paused));
    const refused = run.state === "refused" && state !== "declined";
    return {
      group,
      state: onTheWire(refused ? "refused" : state),
      refusal: refused ? (refusal ?? run.refusal) : refusal,
      use: isTold ? kept.use : null,
    };
  });
}
