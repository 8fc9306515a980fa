/** The practice's rule for each group: what happens to a query version that the group asks for. */
import { strictestRule, type NewQueryRule } from "@cairn/charters";
import { actor, practiceLog } from "@cairn/ledger";
import { shellWord } from "@cairn/text";
import { KeeperError } from "../errors.js";
import type { Change, Reader } from "../store/store.js";
import { bodyAccepts, knownBody, pinnedFingerprint } from "../trust/bodies.js";
import { groupsWithCharter, heldCharter } from "./charters.js";

export type Rule =
  | { readonly rule: "ask" } // waits until someone at the practice accepts or declines it
  | { readonly rule: "accept-signed" } // runs if the library is signed; the practice sees it on its page
  | { readonly rule: "accept-after"; readonly days: number } // runs unless someone objects in that time
  /** The body's signed acceptance of that version counts. `keys`: the digest of its keys when this was set, in hex. */
  | { readonly rule: "delegate"; readonly body: string; readonly keys: string };

/** The name that stands for every group without a rule of its own. */
export const ANY_GROUP = "any";

/** Parses a rule. @param text `ask`, `accept-signed` or `accept-after:14`. @throws KeeperError rule-wrong */
export function parseRule(text: string): Exclude<Rule, { readonly rule: "delegate" }> {
  if (text === "ask" || text === "accept-signed") return { rule: text };
  const days = /^accept-after:\s*(\d{1,3})( days)?$/.exec(text)?.[1];
  if (days !== undefined && Number(days) > 0) return { rule: "accept-after", days: Number(days) };
  throw new KeeperError(
    "rule-wrong",
    `${text} is not a rule: say ask, accept-signed or accept-after:14 (days), or --delegate BODY in place of --set`,
  );
}

export function ruleText(rule: Rule | NewQueryRule): string {
  if (rule.rule === "delegate") return `delegate: ${rule.body}`;
  return rule.rule === "accept-after" ? `accept-after: ${rule.days} days` : rule.rule;
}

/** The rule as the log says that it was set: of a body, with the fingerprint of the keys that are pinned. */
export function setText(rule: Rule): string {
  return rule.rule === "delegate" ? `${ruleText(rule)}, keys ${pinnedFingerprint(rule)}` : ruleText(rule);
}

/**
 * The rule in force for a group: the practice's own and that of the group's charter, the stricter of the two; the
 * charter's where the practice has set none. No body stands in for a person here before a person pinned its keys.
 */
export function ruleFor(store: Reader, group: string): Rule {
  const own = ownRule(store, group) ?? ownRule(store, ANY_GROUP);
  const asked = charterRule(store, group);
  const strictest = own && asked ? strictestRule(own, asked) : (own ?? asked ?? { rule: "ask" });
  if (strictest.rule !== "delegate") return strictest;
  return own?.rule === "delegate" ? own : { rule: "ask" }; // of two bodies the strictest is `ask` already
}

/** Whether the rule in force is the practice's own: also where nobody set one and the group has no charter. */
export function hasOwnRule(store: Reader, group: string): boolean {
  const asked = charterRule(store, group);
  const own = ownRule(store, group) ?? ownRule(store, ANY_GROUP);
  return !asked || (own !== null && ruleText(ruleFor(store, group)) === ruleText(own));
}

/** The rule of the charter that was accepted, or is in force and waits; null of a group without one. */
function charterRule(store: Reader, group: string): NewQueryRule | null {
  const known = heldCharter(store, group);
  return known && known.charter.newQuery;
}

interface SetRule {
  readonly group: string;
  readonly rule: Rule;
  /** Why a body's word does not count now, and what to do; null where it does, or the rule names none. */
  readonly problem: string | null;
}

export function allRules(store: Reader): SetRule[] {
  return store.db
    .prepare<[], RuleRow>("SELECT * FROM rule ORDER BY grp")
    .all()
    .map((row) => ({ group: row.grp, rule: fromRow(row), problem: bodyProblem(store, row) }));
}

/** The rule in force for each group that has a charter, of which the practice's own is only one half. */
export function charteredRules(store: Reader): { readonly group: string; readonly rule: Rule }[] {
  return groupsWithCharter(store).map((group) => ({ group, rule: ruleFor(store, group) }));
}

/** Writes a rule in the place of the group's own one before. */
export function putRule(change: Change, group: string, rule: Rule): void {
  const { body = null, keys = null } = rule.rule === "delegate" ? rule : {};
  change.db
    .prepare("INSERT OR REPLACE INTO rule (grp, rule, days, body, pinned) VALUES (?, ?, ?, ?, ?)")
    .run(
      group,
      rule.rule,
      BigInt(rule.rule === "accept-after" ? rule.days : 0),
      body,
      keys && Buffer.from(keys, "hex"),
    );
}

/** Sets every rule back to `ask` that pins other keys of a body than the library in force has, and logs why. */
export function endChangedPins(change: Change): void {
  for (const { group, rule } of allRules(change)) {
    if (rule.rule !== "delegate") continue;
    const { digest = rule.keys } = knownBody(change, rule.body) ?? {};
    if (digest === rule.keys) continue;
    change.db
      .prepare("UPDATE rule SET rule = 'ask', pinned = NULL WHERE grp = ?") // its body stays: that is why
      .run(group);
    change.note(practiceLog.ruleSet, {
      group,
      rule: "ask",
      by: actor(`rule: the keys of ${rule.body} changed`),
    });
  }
}

function bodyProblem(store: Reader, { grp: group, rule, body }: RuleRow): string | null {
  if (body === null) return null;
  const known = knownBody(store, body);
  const waits = "so new questions wait for someone here";
  if (rule === "ask") {
    const of = group === ANY_GROUP ? "" : ` --group ${shellWord(group)}`;
    return `the keys of ${body} changed in the library, ${waits}: ask ${body} by telephone for the fingerprint of its keys, and compare it with what cairn agent rules${of} --delegate ${body} shows before you confirm`;
  }
  if (known === null) return `the library in force names no body ${body}, ${waits}`;
  if (known.lapsed === null) return null;
  return `what ${body} accepts does not count now, ${waits}: ${known.lapsed}`;
}

/** Whether the rule accepts an offer by now. @param toldAt since when the practice knows of it, in milliseconds since 1970 */
export function ruleAccepts(
  store: Reader,
  rule: Rule,
  offer: { readonly query: string; readonly version: string; readonly digest: Buffer },
  toldAt: number,
): boolean {
  switch (rule.rule) {
    case "ask":
      return false;
    case "accept-signed":
      return true; // an offer is written down only once the library that holds the query was verified
    case "accept-after":
      return store.now() - toldAt >= rule.days * 86_400_000;
    case "delegate":
      return bodyAccepts(store, rule, offer);
  }
}

interface RuleRow {
  grp: string;
  rule: Rule["rule"];
  days: number;
  body: string | null;
  pinned: Buffer | null;
}

function ownRule(store: Reader, group: string): Rule | null {
  const row = store.db.prepare<[string], RuleRow>("SELECT * FROM rule WHERE grp = ?").get(group);
  return row ? fromRow(row) : null;
}

function fromRow({ rule, days, body, pinned }: RuleRow): Rule {
  if (rule === "accept-after") return { rule, days };
  // The table holds a delegate with both, and nothing else with keys.
  return rule === "delegate" ? { rule, body: body!, keys: pinned!.toString("hex") } : { rule };
}
