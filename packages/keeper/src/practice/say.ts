/** The practice's say: what its people decide. Each is one change, logged, and works beside a running keeper. */
import { loseHistory } from "../releases/lost.js";
import { ownFloor } from "../releases/policy.js";
import { KeeperError } from "../errors.js";
import { findRun, moveRun, runsInState } from "../runs/run.js";
import { reviewRuns } from "../runs/review.js";
import type { KeeperStore } from "../store/store.js";
import { accept, allOffers, isDeclined } from "./offers.js";
import { ruleText, type Rule } from "./rules.js";
import { setSetting, setting } from "./settings.js";

/** Nothing runs and nothing leaves, from this second. */
export function pause(store: KeeperStore): void {
  setPaused(store, true);
}

export function resume(store: KeeperStore): void {
  setPaused(store, false);
}

/** @param on each release waits until someone has seen exactly the numbers that would leave. */
export function setHold(store: KeeperStore, on: boolean): void {
  store.change("approve", () => {
    setSetting(store, "hold", on ? "yes" : "no");
    store.note("setting-changed", { setting: "hold", value: on });
  });
}

/** The practice's own floor; a group's can only add to it. @throws KeeperError floor-unknown */
export function setFloor(store: KeeperStore, name: string): void {
  ownFloor(name);
  store.change("approve", () => {
    setSetting(store, "floor", name);
    store.note("setting-changed", { setting: "floor", value: name });
  });
}

/** @param group a group's name, or "any" for all without a rule of their own. */
export function setRule(store: KeeperStore, group: string, rule: Rule): void {
  store.change("approve", () => {
    store.db
      .prepare(
        "INSERT INTO rule (grp, rule, days) VALUES (?, ?, ?) ON CONFLICT (grp) DO UPDATE SET rule = excluded.rule, days = excluded.days",
      )
      .run(group, rule.rule, BigInt(rule.rule === "accept-after" ? rule.days : 0));
    store.note("rule-set", { group, rule: ruleText(rule) });
    reviewRuns(store);
  });
}

/**
 * Accepts a query (every version that waits, and lifts a decline) or lets a held release go.
 * @param what a query's name, or a run.
 * @returns what was done, in words.
 * @throws KeeperError nothing-waits
 */
export function approve(store: KeeperStore, what: string): string {
  return store.change("approve", () => {
    if (findRun(store, what)) return letGo(store, what);
    const offers = allOffers(store).filter((offer) => offer.query === what);
    const declined = isDeclined(store, what);
    const waiting = offers.filter((offer) => offer.acceptedAt === null);
    if (!declined && waiting.length === 0) throw nothingWaits(what);
    store.db.prepare("DELETE FROM declined WHERE query = ?").run(what);
    for (const offer of waiting) accept(store, offer, "a person");
    if (declined && waiting.length === 0) store.note("query-accepted", { query: what, by: "a person" });
    reviewRuns(store);
    return `${what} is accepted`;
  });
}

/** Every version of the query: its runs show as declined, and what is on hold does not leave. */
export function decline(store: KeeperStore, query: string): void {
  store.change("approve", () => {
    const { changes } = store.db
      .prepare("INSERT OR IGNORE INTO declined (query, declined_at) VALUES (?, ?)")
      .run(query, BigInt(store.now()));
    if (changes === 0) return;
    store.note("query-declined", { query });
    for (const run of runsInState(store, "on-hold")) {
      if (run.query === query) moveRun(store, run.run, "declined");
    }
    reviewRuns(store);
  });
}

/** What enrolment fixes: from then on only this library root and this hub's log are believed. */
export interface Pinned {
  readonly practice: string;
  readonly libraryRoot: Uint8Array; // raw Ed25519
  readonly hubLogKey: Uint8Array; // raw Ed25519
  readonly fingerprint: string; // of the enrolment
  /** Another keeper has answered for this practice: what it released is not known here. */
  readonly answeredBefore: boolean;
}

/** @throws KeeperError pinned-otherwise, author-mode */
export function pin(store: KeeperStore, pinned: Pinned): void {
  assertMayEnrol(store);
  const wanted = {
    "library-root": Buffer.from(pinned.libraryRoot).toString("hex"),
    "hub-log-key": Buffer.from(pinned.hubLogKey).toString("hex"),
    practice: pinned.practice,
  } as const;
  const names = ["library-root", "hub-log-key", "practice"] as const;
  if (names.every((name) => setting(store, name) === wanted[name])) return beginHistory(store, pinned);
  const known = names
    .slice(0, 2)
    .find((name) => setting(store, name) !== null && setting(store, name) !== wanted[name]);
  if (known) {
    throw new KeeperError(
      "pinned-otherwise",
      `this keeper belongs to another hub (its ${known} differs): make a new agent folder for this one`,
    );
  }
  store.change("approve", () => {
    for (const name of names) setSetting(store, name, wanted[name]);
    store.note("enrolled", {
      practice: pinned.practice,
      libraryRoot: wanted["library-root"],
      hubLogKey: wanted["hub-log-key"],
    });
  });
  beginHistory(store, pinned);
}

/** A keeper that was made anew for a practice starts today: earlier dates were another's to answer. Once an enrolment. */
function beginHistory(store: KeeperStore, { answeredBefore, fingerprint }: Pinned): void {
  if (!answeredBefore || setting(store, "history-lost-by") === fingerprint) return;
  store.change("approve", () => {
    setSetting(store, "history-lost-by", fingerprint);
    store.note("history-begins", { lostTo: loseHistory(store) });
    reviewRuns(store);
  });
}

/** A sandbox runs unsigned queries, so it is never enrolled. @throws KeeperError author-mode */
export function assertMayEnrol(store: KeeperStore): void {
  if (setting(store, "author-mode") !== "yes") return;
  throw new KeeperError(
    "author-mode",
    "this agent was made with --author-mode and is never enrolled: make another with cairn agent init",
  );
}

function setPaused(store: KeeperStore, paused: boolean): void {
  store.change("approve", () => {
    if ((setting(store, "paused") === "yes") === paused) return;
    setSetting(store, "paused", paused ? "yes" : "no");
    store.note(paused ? "paused" : "resumed", {});
    if (!paused) askAgain(store);
  });
}

/** The courier lets these rest, after a pause or while it thinks them under way: a new change number brings them back to it. */
export function askAgain(store: KeeperStore): void {
  for (const { run, state } of runsInState(store, "ready", "outbox")) moveRun(store, run, state);
}

function letGo(store: KeeperStore, run: string): string {
  if (findRun(store, run)?.state !== "on-hold") throw nothingWaits(run);
  moveRun(store, run, "outbox");
  store.note("release-approved", { run });
  return `the release of run ${run} may leave`;
}

function nothingWaits(what: string): KeeperError {
  return new KeeperError(
    "nothing-waits",
    `nothing called ${what} waits to be approved: see cairn agent status`,
  );
}
