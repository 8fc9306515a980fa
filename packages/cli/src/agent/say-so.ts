/** What the practice says to its keeper, in one line each. Works whether the agent runs or not. */
import { userInfo } from "node:os";
import {
  acceptHubLog,
  allowCorrection,
  allRules,
  approve,
  decline,
  keeperFolder,
  keeperStatus,
  KeeperStore,
  parseRule,
  pause,
  practiceExportLines,
  resume,
  ruleText,
  setFloor,
  setHold,
  setRule,
  withdraw,
} from "@cairn/keeper/practice";
import { say } from "../say.js";

export interface RuleFlags {
  readonly data: string;
  readonly group: string;
  readonly set?: string;
  readonly hold?: "on" | "off";
  readonly floor?: string;
  readonly json?: boolean;
}

/** Opens the keeper's store for one thing to be said. */
function toKeeper<T>(data: string, work: (store: KeeperStore) => T): T {
  const store = KeeperStore.open(keeperFolder(data));
  try {
    return work(store);
  } finally {
    store.close();
  }
}

export function pauseAgent(data: string): void {
  toKeeper(data, pause);
  say.result("paused: nothing runs and nothing leaves until cairn agent resume");
}

export function resumeAgent(data: string): void {
  toKeeper(data, resume);
  say.result("not paused");
}

/** Each in turn; the first that cannot be approved ends it, and what was approved before it stays so. */
export function approveAt(data: string, what: readonly string[]): void {
  toKeeper(data, (store) => {
    for (const each of what) say.result(approve(store, each));
  });
}

export function declineAt(data: string, query: string): void {
  toKeeper(data, (store) => decline(store, query));
  say.result(`${query} is declined; cairn agent approve ${query} takes that back`);
}

/** The reason stays in the keeper: it may name a patient. */
export function withdrawAt(data: string, run: string, why: string): void {
  const { query, referenceDate } = toKeeper(data, (store) => withdraw(store, run, why));
  say.result(
    `the release of ${query} at ${referenceDate} is withdrawn here, and the hub is told as soon as it can be reached; the reason stays here`,
  );
}

export function correctAt(data: string, run: string): void {
  const { query, referenceDate } = toKeeper(data, (store) => allowCorrection(store, run));
  say.result(
    `${query} at ${referenceDate} may be answered once more, as a correction that both logs tell of`,
  );
}

/** @param as who says so; the system's user where absent. */
export function acceptHubLogAt(data: string, as: string | undefined): void {
  const origin = toKeeper(data, (store) => acceptHubLog(store, as ?? userInfo().username));
  say.result(
    `the hub's new log ${origin} is accepted, and countersigned from now on; this practice's log says by whom`,
  );
}

/** Changes what the flags say, then shows all rules. */
export function rulesAt(flags: RuleFlags): void {
  toKeeper(flags.data, (store) => {
    if (flags.set !== undefined) setRule(store, flags.group, parseRule(flags.set));
    if (flags.hold !== undefined) setHold(store, flags.hold === "on");
    if (flags.floor !== undefined) setFloor(store, flags.floor);
    const { hold, floor } = keeperStatus(store);
    const rules = allRules(store).map(({ group, rule }) => ({ group, rule: ruleText(rule) }));
    if (flags.json) return say.json({ rules, hold, floor });
    for (const { group, rule } of rules) say.result(`${group}: ${rule}`);
    if (!rules.some(({ group }) => group === "any")) say.result("any: ask");
    say.result(`hold: ${hold ? "on" : "off"}\nfloor: ${floor}`);
  });
}

/** The whole log, its signed head first: `cairn audit verify` reads it. */
export function printLog(flags: { readonly data: string; readonly json?: boolean }): void {
  toKeeper(flags.data, (store) => {
    if (flags.json) {
      for (const line of practiceExportLines(store)) say.result(line);
      return;
    }
    for (const { position, time, kind, body } of store.log.entries()) {
      const facts = Object.entries(body).map(([name, value]) => `${name}=${value}`);
      say.result([position, time, kind, ...facts].join(" "));
    }
  });
}
