/**
 * Decisions of the practice's people. Each is one change, logged with its person, and works beside a running keeper.
 */
import { randomBytes } from "node:crypto";
import { practiceLog, type Actor } from "@cairn/ledger";
import { isName } from "@cairn/wire";
import { loseHistory } from "../history/lost.js";
import { isApproved } from "../releases/held.js";
import { runsWithUnconfirmedUses } from "../releases/uses.js";
import { keepOptOutChoice, type OptOutChoice } from "../releases/opt-outs.js";
import { ownFloor } from "../releases/policy.js";
import { forgetConsents } from "../consents/consents.js";
import { KeeperError } from "../errors.js";
import { moveRun, runsInState, touchRun } from "../runs/run.js";
import { pinRoot, rootDigest, trustedFiles } from "../trust/root.js";
import { reviewRuns } from "../review/review.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { AS_IT_STANDS, decision, type Expectation } from "./decision.js";
import { requireGroupName } from "../approvals/groups.js";
import { person } from "../store/person.js";
import { bodyNames, knownBody, type KnownBody } from "../trust/bodies.js";
import { ANY_GROUP, putRule, setText, type Rule } from "../approvals/rules.js";
import { setSetting, setting } from "../store/settings.js";

/** Pauses the keeper: from this second nothing runs and nothing leaves. @throws KeeperError stale */
export function pause(store: KeeperStore, by: Actor = person(), seen: Expectation = AS_IT_STANDS): void {
  setPaused(store, true, by, seen);
}

/** @throws KeeperError stale */
export function resume(store: KeeperStore, by: Actor = person(), seen: Expectation = AS_IT_STANDS): void {
  setPaused(store, false, by, seen);
}

/**
 * Sets whether releases are held.
 * @param on whether each release waits until a person has seen exactly the numbers that would leave.
 * @throws KeeperError stale
 */
export function setHold(
  store: KeeperStore,
  on: boolean,
  by: Actor = person(),
  seen: Expectation = AS_IT_STANDS,
): void {
  const hold = (change: Change): void => {
    setSetting(change, "hold", on ? "yes" : "no");
    change.note(practiceLog.settingChanged, { setting: "hold", value: on, by });
    if (on) holdWhatNobodySaw(change);
  };
  decision(store, hold, seen);
}

/** Holds what waits to be sent, but for what a person has approved: also what is being sent is not handed over again. */
function holdWhatNobodySaw(change: Change): void {
  for (const run of runsInState(change, "outbox"))
    if (!isApproved(change, run)) moveRun(change, run.run, "on-hold");
}

/** Sets the practice's own floor; a group's can only add to it. @throws KeeperError floor-unknown */
export function setFloor(store: KeeperStore, name: string, by: Actor = person()): void {
  ownFloor(name);
  decision(store, (change) => {
    setSetting(change, "floor", name);
    change.note(practiceLog.settingChanged, { setting: "floor", value: name, by });
  });
}

/**
 * Gives the practice's list of people left out of what leaves a new name: nothing is answered until the records hold the
 * list of that name.
 * @returns the name
 */
export function nameLeftOutList(store: KeeperStore, by: Actor = person()): string {
  const list = randomBytes(32).toString("hex");
  return decision(store, (change) => {
    setSetting(change, "left-out-list", list);
    change.note(practiceLog.leftOutListSet, { list, by });
    return list;
  });
}

/**
 * Chooses whether people with a type 1 opt-out in their record are counted in what leaves, where charters and queries let them be.
 * It holds for the reference dates after the day that is given back: never two views of one date.
 * @returns the day (ISO)
 * @throws KeeperError stale
 */
export function chooseOptOuts(
  store: KeeperStore,
  choice: OptOutChoice["choice"],
  by: Actor = person(),
): string {
  return decision(store, (change) => {
    const after = keepOptOutChoice(change, choice);
    change.note(practiceLog.optOutsChosen, { choice, after, by });
    return after;
  });
}

/** Whether records hold the list of people left out that was given last. @param held the name of the records' own */
export function isNewestLeftOutList(store: Reader, held: string | null): boolean {
  return setting(store, "left-out-list") === held;
}

/**
 * Sets a rule.
 * @param group a group's name, or "any" for all without a rule of their own.
 * @throws KeeperError name-wrong; body-unknown and stale of a body
 */
export function setRule(store: KeeperStore, group: string, rule: Rule, by: Actor = person()): void {
  if (group !== ANY_GROUP) requireGroupName(group);
  decision(store, (change) => {
    if (rule.rule === "delegate") requireKeys(change, rule);
    putRule(change, group, rule);
    change.note(practiceLog.ruleSet, { group, rule: setText(rule), by });
  });
}

/** The body with the keys that a rule would pin. @throws KeeperError body-unknown */
export function bodyToPin(store: Reader, body: string): KnownBody {
  const known = knownBody(store, body);
  if (known) return known;
  const names = bodyNames(store);
  const others = names.length === 0 ? "it names none" : `it names ${names.join(", ")}`;
  throw new KeeperError("body-unknown", `the library in force names no body ${body}: ${others}`);
}

/** Checks that the keys to be pinned are those of the library in force. @throws KeeperError body-unknown, stale */
function requireKeys(store: Reader, { body, keys }: Extract<Rule, { readonly rule: "delegate" }>): void {
  if (bodyToPin(store, body).digest === keys) return;
  throw new KeeperError(
    "stale",
    `the keys of ${body} have changed since they were shown: nothing was done; look again`,
  );
}

/** The keys that enrolment fixes: from then on only this library root and this hub's log are trusted. */
export interface EnrolmentPins {
  readonly practice: string;
  readonly libraryRoot: Uint8Array; // root.json, whose digest the join code pins
  readonly hubLogKey: Uint8Array; // raw Ed25519
  readonly fingerprint: string; // of the enrolment
  /** Whether another keeper has answered for this practice: its releases are not known here. */
  readonly answeredBefore: boolean;
  /** Whether a person here said that the hub of before is gone for good, and that this one takes its place. */
  readonly isNewHub?: boolean;
}

/** Stores what enrolment fixes. @throws KeeperError pinned-otherwise, author-mode, name-wrong */
export function pin(store: KeeperStore, pinned: EnrolmentPins, by: Actor = person()): void {
  assertMayEnrol(store);
  if (!isName(pinned.practice))
    throw new KeeperError("name-wrong", "the hub calls this practice by a name that cannot be printed");
  const wanted = { "hub-log-key": Buffer.from(pinned.hubLogKey).toString("hex"), practice: pinned.practice };
  const names = ["hub-log-key", "practice"] as const;
  // A root that is trusted stays: its successors come with the library, each signed by the one before.
  const isTrusted = trustedFiles(store).size > 0;
  if (isTrusted && names.every((name) => setting(store, name) === wanted[name]))
    return beginHistory(store, pinned);
  const hub = setting(store, "hub-log-key");
  if (hub !== null && hub !== wanted["hub-log-key"] && !pinned.isNewHub)
    throw new KeeperError(
      "pinned-otherwise",
      "this keeper belongs to another hub (its hub-log-key differs): make a new agent folder for this one. Where the hub of before is gone for good and this one takes its place, enrol with --new-hub: what was released stays known",
    );
  store.change((change) => {
    if (hub !== null && hub !== wanted["hub-log-key"]) forgetConsents(change);
    for (const name of names) setSetting(change, name, wanted[name]);
    if (!isTrusted) pinRoot(change, pinned.libraryRoot);
    change.note(practiceLog.enrolled, {
      practice: pinned.practice,
      library_root: rootDigest(pinned.libraryRoot),
      hub_log_key: wanted["hub-log-key"],
      by,
    });
  });
  beginHistory(store, pinned);
}

/**
 * Begins the history of a keeper that was made anew for a practice: earlier dates were another's to answer. Once an
 * enrolment.
 */
function beginHistory(store: KeeperStore, { answeredBefore, fingerprint }: EnrolmentPins): void {
  if (!answeredBefore || setting(store, "history-lost-by") === fingerprint) return;
  store.change((change) => {
    setSetting(change, "history-lost-by", fingerprint);
    change.note(practiceLog.historyBegins, { lost_to: loseHistory(change) });
    reviewRuns(change);
  });
}

/**
 * Checks that this keeper may enrol: a sandbox runs unsigned queries, so it never does.
 * @throws KeeperError author-mode
 */
export function assertMayEnrol(store: Reader): void {
  if (setting(store, "author-mode") !== "yes") return;
  throw new KeeperError(
    "author-mode",
    "this agent was made with --author-mode and is never enrolled: make another with cairn agent init --data OTHER",
  );
}

function setPaused(store: KeeperStore, paused: boolean, by: Actor, seen: Expectation): void {
  const set = (change: Change): void => {
    if ((setting(change, "paused") === "yes") === paused) return;
    setSetting(change, "paused", paused ? "yes" : "no");
    change.note(paused ? practiceLog.paused : practiceLog.resumed, { by });
    if (paused) return;
    announceRunsAgain(change);
    for (const run of runsWithUnconfirmedUses(change)) touchRun(change, run);
  };
  decision(store, set, seen);
}

/**
 * Gives ready and outbox runs a new change number, so that the courier, which stopped tracking them after a pause or
 * while a lease was open, processes them again.
 */
export function announceRunsAgain(change: Change): void {
  for (const { run, state } of runsInState(change, "ready", "outbox")) moveRun(change, run, state);
}
