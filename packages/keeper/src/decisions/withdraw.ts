/** Withdraws releases, and allows one corrected run in their place. */
import { randomBytes } from "node:crypto";
import { practiceLog, type Actor } from "@cairn/ledger";
import { KeeperError } from "../errors.js";
import { endUse, useOf } from "../releases/uses.js";
import { whyLost } from "../history/lost.js";
import { releaseDigestOf } from "../releases/release.js";
import { insertCorrection, insertWithdrawal, reasonDigest } from "../releases/withdrawal.js";
import { moveRequest } from "../runs/requests.js";
import { findRun, moveRun, touchRun, type Run } from "../runs/run.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { AS_IT_STANDS, decision, type Expectation } from "./decision.js";
import { person } from "../store/person.js";
import { setting } from "../store/settings.js";

/**
 * Withdraws the release of a run. Its numbers stay in the history that every later release is checked against: they
 * may have been seen.
 * @param why the practice's own words; they stay in this keeper.
 * @throws KeeperError why-missing, run-unknown, withdrawn-already, not-released, stale
 */
export function withdraw(
  store: KeeperStore,
  id: string,
  why: string,
  by: Actor = person(),
  seen: Expectation = AS_IT_STANDS,
): Run {
  const words = why.trim();
  if (words === "") throw new KeeperError("why-missing", "a withdrawal needs a reason: say --why TEXT");
  const withdrawIn = (change: Change): Run => {
    const run = knownRun(change, id);
    if (run.state === "withdrawn") {
      const next = run.correction === 0 ? ": cairn agent correct allows one corrected run" : "";
      throw new KeeperError("withdrawn-already", `run ${id} is withdrawn already${next}`);
    }
    const digest = releaseDigestOf(change, id, run.correction);
    if (!digest || (run.state !== "outbox" && run.state !== "acknowledged")) throw notReleased(run);
    const salt = randomBytes(16);
    const position = change.note(practiceLog.withdrawn, {
      ...facts(run),
      digest: digest.toString("hex"),
      why: reasonDigest(salt, words),
      by,
    });
    const { correction } = run;
    insertWithdrawal(change, { run: id, correction, why: words, salt, releaseDigest: digest, position });
    moveRun(change, id, "withdrawn");
    return run;
  };
  return decision(store, withdrawIn, seen);
}

/**
 * Withdraws one group's use of the release of a run. The release stays, and so do other groups' uses. The group gets
 * no other use of this run.
 * @param why the practice's own words, which stay in this keeper; "" where no reason is given.
 * @throws KeeperError run-unknown, not-released, withdrawn-already
 */
export function withdrawUse(
  store: KeeperStore,
  id: string,
  group: string,
  why = "",
  by: Actor = person(),
): Run {
  const withdrawIn = (change: Change): Run => {
    const run = knownRun(change, id);
    const kept = useOf(change, run, group);
    if (!kept) {
      const words = `${JSON.stringify(group)} has no use of run ${id}: cairn agent status --json lists the groups that have one`;
      throw new KeeperError("not-released", words);
    }
    const words = why.trim();
    const reason = words === "" ? {} : { reason: { why: words, salt: randomBytes(16) } };
    if (!endUse(change, run, group, { by, ...reason }))
      throw new KeeperError("withdrawn-already", `the use of run ${id} by ${group} was withdrawn before`);
    moveRequest(change, { run: id, group }, "withdrawn");
    touchRun(change, id);
    return run;
  };
  return decision(store, withdrawIn);
}

/**
 * Allows one corrected run of a withdrawn release: it is asked again, and decided beside what was withdrawn.
 * @throws KeeperError run-unknown, not-withdrawn, corrected-already, history-lost, date-too-old
 */
export function allowCorrection(store: KeeperStore, id: string, by: Actor = person()): Run {
  const allow = (change: Change): Run => {
    const run = knownRun(change, id);
    if (run.correction > 0) {
      throw new KeeperError(
        "corrected-already",
        `run ${id} was allowed a correction before, and only one is possible`,
      );
    }
    if (run.state !== "withdrawn") {
      throw new KeeperError(
        "not-withdrawn",
        `run ${id} is ${run.state}: only a withdrawn release (cairn agent withdraw) can be corrected`,
      );
    }
    const lost = whyLost(change, run.referenceDate);
    if (lost) throw new KeeperError("history-lost", `run ${id} cannot be corrected: ${lost.words}`);
    const from = setting(change, "history-from");
    if (from !== null && run.referenceDate < from) {
      throw new KeeperError(
        "date-too-old",
        `run ${id} cannot be corrected: history is kept from ${from} only`,
      );
    }
    const digest = releaseDigestOf(change, id, 0)?.toString("hex") ?? "";
    insertCorrection(change, id, change.note(practiceLog.correctionAllowed, { ...facts(run), digest, by }));
    moveRun(change, id, "waiting-for-approval");
    return run;
  };
  return decision(store, allow);
}

function facts({ run, query, version, digest, referenceDate, correction }: Run) {
  return { run, query, version, query_digest: digest.toString("hex"), date: referenceDate, correction };
}

function knownRun(store: Reader, id: string): Run {
  const run = findRun(store, id);
  if (run) return run;
  throw new KeeperError("run-unknown", `no run ${id} was asked here: cairn agent status lists runs`);
}

function notReleased({ run, state }: Run): KeeperError {
  const instead = state === "on-hold" ? `: cairn agent decline ${run} keeps it here` : "";
  return new KeeperError(
    "not-released",
    `nothing of run ${run} has been released (it is ${state})${instead}`,
  );
}
