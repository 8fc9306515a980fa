/** Lets a held release leave, or keeps it here. */
import { practiceLog, type Actor } from "@cairn/ledger";
import { KeeperError } from "../errors.js";
import { insertKeptHere } from "../releases/held.js";
import { findRun, moveRun, type Run } from "../runs/run.js";
import { stateWords } from "../runs/words.js";
import { person } from "../store/person.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { AS_IT_STANDS, decision, type Expectation } from "./decision.js";

/**
 * Lets the held release of a run leave.
 * @throws KeeperError nothing-waits, stale
 */
export function approveRelease(
  store: KeeperStore,
  run: string,
  by: Actor = person(),
  seen: Expectation = AS_IT_STANDS,
): void {
  const letLeave = (change: Change): void => {
    heldRun(change, run, "let go");
    moveRun(change, run, "outbox");
    change.note(practiceLog.releaseApproved, { run, by });
  };
  decision(store, letLeave, seen);
}

/**
 * Keeps the held release of a run here for good: no version of its query leaves for its date from now on, for no group.
 * @throws KeeperError nothing-waits, stale
 */
export function keepRelease(
  store: KeeperStore,
  run: string,
  by: Actor = person(),
  seen: Expectation = AS_IT_STANDS,
): Run {
  const keep = (change: Change): Run => {
    const held = heldRun(change, run, "kept here");
    insertKeptHere(change, held);
    change.note(practiceLog.releaseKept, { run, by });
    return held;
  };
  return decision(store, keep, seen);
}

function heldRun(store: Reader, id: string, done: "let go" | "kept here"): Run {
  const run = findRun(store, id);
  if (run?.state === "on-hold") return run;
  const only = `only a release on hold is ${done}`;
  if (!run) throw new KeeperError("nothing-waits", `no run ${id} was asked here: ${only}`);
  const hasLeft = run.state === "outbox" || run.state === "acknowledged";
  const instead =
    done === "let go"
      ? ""
      : hasLeft
        ? `; cairn agent withdraw ${id} takes down what leaves or has left`
        : `; cairn agent decline ${run.query} declines its query, every date of it`;
  throw new KeeperError(
    "nothing-waits",
    `run ${id} is not on hold but ${stateWords(run)}: ${only}${instead}`,
  );
}
