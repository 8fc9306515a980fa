/** What a group gets once it is accepted, by the rule in force: said before a person accepts it, and after. */
import { shellWord } from "@cairn/text";
import { allRequests } from "./runs/requests.js";
import { findRun } from "./runs/run.js";
import { explainCharter, type Charter } from "@cairn/charters";
import {
  acceptedCharter,
  charterChanges,
  charterInForce,
  charterWaits,
  floorsFor,
} from "./approvals/charters.js";
import { allOffers } from "./approvals/offers.js";
import { hasOwnRule, ruleAccepts, ruleFor, ruleText, type Rule } from "./approvals/rules.js";
import { meetsFloor } from "./releases/policy.js";
import { findRelease } from "./releases/release.js";
import { holdsReleases, isPaused } from "./store/settings.js";
import type { KeeperStore } from "./store/store.js";
import { keeperStatus, type KeeperStatus } from "./status.js";
import { libraryExpired } from "./trust/expiry.js";

export type QueryNames = (query: string, version: string) => string;
type Asked = KeeperStatus["queries"][number];

/** Lines without a full stop: what accepting the group does to each question that it asks. */
export function joiningLines(store: KeeperStore, group: string, titleOf: QueryNames): string[] {
  const rule = ruleFor(store, group);
  const isInTime = !libraryExpired(store);
  const asked = askedBy(store, group);
  const now = asked.filter((one) => one.said === "accepted" || (isInTime && acceptsAtOnce(store, rule, one)));
  const waits = asked.filter((one) => !now.includes(one));
  const left = now.map((one) => ({ one, dates: datesThatLeft(store, one) }));
  const isAccepted = ({ one }: (typeof left)[number]): boolean => one.said === "accepted";
  const gets = left.filter(({ dates }) => dates > 0);
  const title = ({ query, version }: Asked): string => titleOf(query, version);
  const byRule = `By ${whoseRule(store, group)} ${ruleText(rule)}`;
  const when = isPaused(store) ? "it then gets, once you resume" : "it then gets at once";
  const got = (some: typeof left): string[] =>
    some.map(({ one, dates }) => `${title(one)}, ${datesWords(dates)}`);
  return [
    ...listed(`Accepted for it already, and ${when}`, got(gets.filter(isAccepted))),
    ...listed(`${byRule} ${when}`, got(gets.filter((each) => !isAccepted(each)))),
    ...(gets.length > 0
      ? [
          `${holdsReleases(store) ? "Hold does not cover them" : "Nobody looks at them again"}: these numbers left for another group already`,
        ]
      : []),
    ...listed(
      `${byRule} these questions are then accepted`,
      left.filter((each) => each.dates === 0 && !isAccepted(each)).map(({ one }) => title(one)),
    ),
    ...listed(
      rule.rule === "accept-after"
        ? `${byRule}, accepted after that time unless someone declines`
        : `${byRule} it waits for you`,
      waits.map(title),
    ),
  ];
}

/** Lines without a full stop: what a group that was accepted has by now, and what waits. */
export function joinedLines(store: KeeperStore, group: string, titleOf: QueryNames): string[] {
  const { runs } = keeperStatus(store);
  const asked = askedBy(store, group);
  const has = asked.map((one) => ({
    title: titleOf(one.query, one.version),
    said: one.said,
    dates: runs.filter(
      (run) =>
        run.query === one.query &&
        run.version === one.version &&
        run.groups.some((each) => each.group === group && each.use === "given"),
    ).length,
  }));
  const accepted = acceptedCharter(store, group);
  const byRule = `by ${whoseRule(store, group)} ${ruleText(ruleFor(store, group))}`;
  const lines = [
    ...listed(
      `It gets, ${byRule}`,
      has.filter(({ dates }) => dates > 0).map(({ title, dates }) => `${title}, ${datesWords(dates)}`),
    ),
    ...listed(
      `Accepted, and nothing has gone to it yet`,
      has.filter(({ said, dates }) => said === "accepted" && dates === 0).map(({ title }) => title),
    ),
    ...listed(
      `It waits for you, ${byRule}`,
      has.filter(({ said }) => said === "waiting").map(({ title }) => title),
    ),
    ...(accepted ? delegateLines(store, accepted.charter) : []),
  ];
  return lines.length > 0 ? lines : ["It has asked nothing that is not declined"];
}

/**
 * Lines without a full stop: what changed since the charter that was accepted here, where one was, and what the charter
 * in force says. Empty where it is accepted, or the group has none.
 */
export function charterLines(store: KeeperStore, group: string): string[] {
  const inForce = charterWaits(store, group) ? charterInForce(store, group) : null;
  if (!inForce) return [];
  const changes = charterChanges(store, group).map(
    ({ what, was, is, widens }) => `Changed${widens ? ", and widens" : ""}: ${what}: ${is} (before: ${was})`,
  );
  return [
    ...changes,
    ...explainCharter(inForce.charter).map(({ label, says }) => `${label}: ${says.replace(/\.$/, "")}`),
    ...delegateLines(store, inForce.charter),
  ];
}

/** Whether the rule accepts a question in the second in which the group is accepted. */
function acceptsAtOnce(store: KeeperStore, rule: Rule, { query, version, group }: Asked): boolean {
  const offer = allOffers(store).find(
    (one) => one.query === query && one.version === version && one.group === group,
  );
  return offer !== undefined && ruleAccepts(store, rule, offer, store.now());
}

/** "your rule", or the charter's where the practice has set none of its own or a weaker one. */
function whoseRule(store: KeeperStore, group: string): string {
  return hasOwnRule(store, group) ? "your rule" : "the charter's rule";
}

/** A charter can name a body whose word counts for its practices, once a person here has pinned its keys. */
function delegateLines(store: KeeperStore, { group, newQuery }: Charter): string[] {
  if (newQuery.rule !== "delegate") return [];
  const { body } = newQuery;
  const rule = ruleFor(store, group);
  if (rule.rule === "delegate" && rule.body === body) return [];
  const how = `cairn agent rules --group ${shellWord(group)} --delegate ${body}`;
  return [
    `The charter would let ${body} accept new questions; someone here is asked, unless ${how} leaves it to ${body}`,
  ];
}

function askedBy(store: KeeperStore, group: string): Asked[] {
  return keeperStatus(store).queries.filter(
    (one) => one.group === group && (one.said === "accepted" || one.said === "waiting"),
  );
}

/** The number of dates of a question that left for others, and go to the group too once it is allowed. */
function datesThatLeft(store: KeeperStore, { query, version, group }: Asked): number {
  return allRequests(store).filter((request) => {
    if (request.group !== group || request.state !== "waiting-for-approval") return false;
    const run = findRun(store, request.run);
    if (run?.query !== query || run.version !== version) return false;
    if (run.state !== "outbox" && run.state !== "acknowledged") return false;
    const policy = findRelease(store, run.run, run.correction)?.policy;
    return policy != null && meetsFloor(policy, ...floorsFor(store, request));
  }).length;
}

function datesWords(dates: number): string {
  return dates === 1 ? "1 date" : `${dates} dates`;
}

function listed(words: string, titles: readonly string[]): string[] {
  return titles.length > 0 ? [`${words}: ${titles.join("; ")}`] : [];
}
