/** A run as the courier hears of it. */
import type { RunState } from "@cairn/wire";
import { signedWithdrawal } from "../releases/withdrawal.js";
import type { KeeperStore } from "../store/store.js";
import type { Run } from "./run.js";
import { onTheWire } from "./states.js";

export function runState(store: KeeperStore, run: Run): RunState {
  return {
    run: run.run,
    state: onTheWire(run.state),
    attempt: run.attempt,
    refusal: run.refusal,
    change: run.change,
    query: run.query,
    referenceDate: run.referenceDate,
    withdrawal: signedWithdrawal(store, run),
  };
}
