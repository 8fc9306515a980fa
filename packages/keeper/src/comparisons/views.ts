import { practiceLog, type Actor } from "@cairn/ledger";
import { heldCharter } from "../approvals/charters.js";
import type { Query } from "@cairn/query-library";
import type { KeeperStore } from "../store/store.js";
import { markViewed } from "./kept.js";

/** The parts of a group's comparison that are shown: its figures, the practice's own numbers beside them, or dots of the others too. */
export type ComparisonSight = "figures" | "own" | "dots";

export interface ComparisonLook {
  readonly group: string;
  readonly query: Query;
  readonly date: string; // ISO
  readonly shown: ComparisonSight;
}

/** The purpose of a look at a group without a charter. */
const PURPOSE = "improvement";

/**
 * Logs a look at a group's comparison, before it is shown: who, which group and query, which date, by which charter.
 * @param by null: whoever sits at the machine, while nobody has an account
 */
export function logComparisonView(
  store: KeeperStore,
  { group, query, date, shown }: ComparisonLook,
  by: Actor | null,
): void {
  store.change((change) => {
    markViewed(change, group, query.query);
    const held = heldCharter(change, group);
    change.note(practiceLog.comparisonViewed, {
      group,
      query: query.query,
      version: query.version,
      dates: date,
      purpose: held?.charter.purpose ?? PURPOSE,
      charter: held?.digest.toString("hex") ?? "",
      ...{ shown, by },
    });
  });
}
