/** The looks at comparisons that stand in a hub's log. */
import { decodeHub, entriesOf, hubLog, type HubEntryOf } from "@cairn/ledger";
import type { Hub } from "@cairn/hub";

export function comparisonViewedIn(hub: Hub): HubEntryOf<"comparisonViewed">["body"][] {
  return [...entriesOf(hub.store.log.entries(), decodeHub, hubLog.comparisonViewed)].map(({ body }) => body);
}
