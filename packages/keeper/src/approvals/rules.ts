/** The practice's rule for each group: what happens to a query version that the group asks for. */
import { strictestRule, type NewQueryRule } from "@cairn/charters";
import { KeeperError } from "../errors.js";
import type { Reader } from "../store/store.js";
import { acceptedCharter, charterInForce, groupsWithCharter } from "./charters.js";

export type Rule =
  | { readonly rule: "ask" } // waits until someone at the practice accepts or declines it
  | { readonly rule: "accept-signed" } // runs if the library is signed; the practice sees it on its page
  | { readonly rule: "accept-after"; readonly days: number }; // runs unless someone objects in that time

/** The name that stands for every group without a rule of its own. */
export const ANY_GROUP = "any";

/** Parses a rule. @param text `ask`, `accept-signed` or `accept-after:14`. @throws KeeperError rule-wrong */
export function parseRule(text: string): Rule {
  if (text === "ask" || text === "accept-signed") return { rule: text };
  const days = /^accept-after:\s*(\d{1,3})( days)?$/.exec(text)?.[1];
  if (days !== undefined && Number(days) > 0) return { rule: "accept-after", days: Number(days) };
  throw new KeeperError(
    "rule-wrong",
    `${text} is not a rule: say ask, accept-signed or accept-after:14 (days)`,
  );
}

export function ruleText(rule: Rule): string {
  return rule.rule === "accept-after" ? `accept-after: ${rule.days} days` : rule.rule;
}

/**
 * The rule in force for a group: the practice's own and that of the group's charter, the stricter of the two; the
 * charter's where the practice has set none.
 */
export function ruleFor(store: Reader, group: string): Rule {
  const own = ownRule(store, group) ?? ownRule(store, ANY_GROUP);
  const asked = charterRule(store, group);
  if (!asked) return own ?? { rule: "ask" };
  const strictest = own ? strictestRule(own, asked) : asked;
  return takenRule(strictest);
}

/** A charter's rule as this keeper takes it: no body's word stands in for a person's here, so a person is asked. */
export function takenRule(rule: NewQueryRule): Rule {
  return rule.rule === "delegate" ? { rule: "ask" } : rule;
}

/** Whether the rule in force is the practice's own: also where nobody set one and the group has no charter. */
export function hasOwnRule(store: Reader, group: string): boolean {
  const asked = charterRule(store, group);
  const own = ownRule(store, group) ?? ownRule(store, ANY_GROUP);
  return !asked || (own !== null && ruleText(ruleFor(store, group)) === ruleText(own));
}

/** The rule of the charter that was accepted, or is in force and waits; null of a group without one. */
function charterRule(store: Reader, group: string): NewQueryRule | null {
  const known = acceptedCharter(store, group) ?? charterInForce(store, group);
  return known && known.charter.newQuery;
}

export function allRules(store: Reader): { readonly group: string; readonly rule: Rule }[] {
  return store.db
    .prepare<[], RuleRow>("SELECT * FROM rule ORDER BY grp")
    .all()
    .map((row) => ({ group: row.grp, rule: fromRow(row) }));
}

/** The rule in force for each group that has a charter, of which the practice's own is only one half. */
export function charteredRules(store: Reader): { readonly group: string; readonly rule: Rule }[] {
  return groupsWithCharter(store).map((group) => ({ group, rule: ruleFor(store, group) }));
}

/** Whether the rule now accepts what was offered then. @param offeredAt, now milliseconds since 1970. */
export function ruleAccepts(rule: Rule, offeredAt: number, now: number): boolean {
  switch (rule.rule) {
    case "ask":
      return false;
    case "accept-signed":
      return true; // an offer is written down only once the library that holds the query was verified
    case "accept-after":
      return now - offeredAt >= rule.days * 86_400_000;
  }
}

interface RuleRow {
  grp: string;
  rule: Rule["rule"];
  days: number;
}

function ownRule(store: Reader, group: string): Rule | null {
  const row = store.db.prepare<[string], RuleRow>("SELECT * FROM rule WHERE grp = ?").get(group);
  return row ? fromRow(row) : null;
}

function fromRow(row: RuleRow): Rule {
  return row.rule === "accept-after" ? { rule: row.rule, days: row.days } : { rule: row.rule };
}
