/** Checks an export of the hub's log in which entries that concern other practices are sealed (`cairn hub export --practice`). */
import { concerning, concernsAll } from "../../concerns.js";
import type { HubKind } from "../../hub-log.js";
import { plural, type Findings } from "../findings.js";
import { isSealed, type HubSide, type PracticeSide } from "../sides.js";
import { isReceipt } from "./receipts.js";

/**
 * Names entries that are sealed and concern all or one of the practices that were given, and open ones that concern others;
 * and notes what a sealed export cannot show.
 * @returns the number of sealed entries; 0 where the export is not sealed
 */
export function checkSealed(found: Findings, hub: HubSide, sides: readonly PracticeSide[]): number {
  const sealed = hub.entries.filter(isSealed);
  if (sealed.length === 0) return 0;
  for (const entry of sealed)
    if (concernsAll(entry.written))
      found.problem("sealed-own", hub.name, `it seals a ${entry.written}, which concerns every practice`, {
        entry: entry.position,
      });
  for (const side of sides) {
    checkOwn(found, hub, side);
    checkKnown(found, hub, side);
  }
  checkOpen(found, hub, sides);
  const names = sides.map(({ name }) => name).join(" and ");
  found.note(
    `The hub's export is sealed for ${names}: ${plural(sealed.length, "entry is", "entries are")} closed, of ${hub.entries.length}. ` +
      "They stand at their places under its signed head. What they hold could not be checked: releases, withdrawals and uses of other practices, who answers for those, which of them countersigned, and which consented to be named and were.",
  );
  return sealed.length;
}

/** An entry for which the practice holds a receipt is its own. */
function checkOwn(found: Findings, hub: HubSide, { log, name }: PracticeSide): void {
  const byIndex = new Map(hub.entries.map((entry) => [entry.index, entry]));
  for (const receipt of log.entries) {
    if (!isReceipt(receipt) || receipt.body.hub_log_index === null) continue;
    const entry = byIndex.get(receipt.body.hub_log_index);
    if (entry && isSealed(entry))
      found.problem(
        "sealed-own",
        hub.name,
        `it seals an entry that is ${name}'s own: ${name} holds the receipt for it (entry ${receipt.position} of its log)`,
        { entry: entry.position, run: receipt.body.run },
      );
  }
}

/**
 * What the practice's own log shows that the hub's must tell of it: its invitation, the admission of its agent, the groups
 * that it was in, and no gap among renewals of its agent's certificate. Where none of the open entries does, and some of
 * that kind are sealed, one of those is its own. After a hub's restore nothing is said, for what that lost is in no log.
 */
function checkKnown(found: Findings, hub: HubSide, { log, name, rawKey }: PracticeSide): void {
  if (hub.logs.length > 1) return;
  const missing = (what: string, ...kinds: HubKind["kind"][]): void => {
    const closed = hub.entries
      .filter(isSealed)
      .filter(({ written }) => kinds.some((kind) => kind === written));
    if (closed[0])
      found.problem(
        "sealed-own",
        hub.name,
        `it seals ${what}, of which ${name}'s log tells: no open entry is that, and ${plural(closed.length, "sealed one", "sealed ones")} may be`,
        { entry: closed[0].position },
      );
  };
  const called = log.entries.flatMap((entry) => (entry.kind === "enrolled" ? entry.body.practice : []));
  const names = new Set(
    hub.entries.flatMap((entry) => {
      if (entry.kind === "practice-invited") return entry.body.practice;
      return entry.kind === "practice-renamed" ? [entry.body.from, entry.body.to] : [];
    }),
  );
  if (called.some((one) => !names.has(one)))
    missing(`the invitation of ${name}`, "practice-invited", "practice-renamed");
  const agents = new Map(
    hub.entries.flatMap((entry) =>
      entry.kind === "agent-enrolled" && entry.body.keeper_key === rawKey
        ? [[entry.body.agent, entry.body.practice] as const]
        : [],
    ),
  );
  const isAdmitted = hub.entries.some(
    (entry) => entry.kind === "agent-admitted" && agents.has(entry.body.agent),
  );
  if (log.entries.some(isReceipt) && !isAdmitted)
    missing(`the admission of ${name}'s agent`, "agent-admitted");
  const ids = new Set(agents.values());
  for (const group of groupsThatAsked(log)) {
    const isThere = hub.entries.some((entry) => {
      if (entry.kind === "group-joined") return ids.has(entry.body.practice) && entry.body.group === group;
      return entry.kind === "practice-invited" && `, ${entry.body.groups}, `.includes(`, ${group}, `);
    });
    if (!isThere) missing(`when ${name} came into ${group}`, "group-joined", "practice-invited");
  }
  for (const agent of agents.keys())
    if (hasGap(hub, agent)) missing(`a renewal of ${name}'s agent`, "agent-renewed");
}

function groupsThatAsked({ entries }: PracticeSide["log"]): ReadonlySet<string> {
  return new Set(
    entries.flatMap((entry) =>
      entry.kind === "query-offered" || entry.kind === "group-offered" ? entry.body.group : [],
    ),
  );
}

/** Whether a number is missing between two renewals of an agent's certificate, which are counted one by one. */
function hasGap({ entries }: HubSide, agent: string): boolean {
  const told = entries.flatMap((entry) =>
    entry.kind === "agent-renewed" && entry.body.agent === agent ? entry.body.generation : [],
  );
  return told.some((generation, i) => i > 0 && generation !== (told[i - 1] ?? 0) + 1);
}

function checkOpen(found: Findings, hub: HubSide, sides: readonly PracticeSide[]): void {
  const keys = new Set(sides.map(({ rawKey }) => rawKey));
  const ids = hub.entries.flatMap((entry) =>
    entry.kind === "agent-enrolled" && keys.has(entry.body.keeper_key) ? entry.body.practice : [],
  );
  const isTheirs = concerning(hub.entries, new Set(ids));
  for (const entry of hub.entries)
    if (entry.kind !== null && !isTheirs(entry))
      found.problem("opened-other", hub.name, `it shows a ${entry.kind} that concerns another practice`, {
        entry: entry.position,
      });
}
