/** Hands the newest comparisons of a practice's groups to its agent, each with the proof that it is in the hub's log. */
import { isSeenAtPractices } from "@cairn/access";
import { placeOf, type AuditLog } from "@cairn/audit-log";
import type { Comparison, FetchComparisonsReply, FetchComparisonsRequest__Output } from "@cairn/wire";
import type { Hub } from "../hub.js";
import { sights } from "../library/charters.js";
import type { AgentRow } from "../store/tables.js";
import { headAfter } from "./witness.js";

const PAGE = 64;
/** Most bytes of documents in one page, but for one that is larger alone. */
const PAGE_BYTES = 1024 * 1024;

/**
 * The groups of a practice whose comparisons somebody there may see: not one whose charter lets quality leads and clinicians
 * see nothing of it.
 */
async function comparedGroups({ store: { db } }: Hub, practice: string): Promise<string[]> {
  const rows = await db
    .selectFrom("group_member")
    .select("group_name")
    .where("practice", "=", practice)
    .execute();
  const charters = await sights(db);
  return rows.flatMap(({ group_name: group }) => (isSeenAtPractices(group, charters(group)) ? [group] : []));
}

/** The place in the hub's log of the newest comparison of the practice's groups; 0 where there is none. */
export async function newestComparison(hub: Hub, practice: string): Promise<number> {
  const newest = await hub.store.db
    .selectFrom("comparison_document")
    .select(({ fn }) => fn.max("hub_log_index").as("place"))
    .where("group_name", "in", await comparedGroups(hub, practice))
    .where("bytes", "is not", null)
    .executeTakeFirst();
  return newest?.place ?? 0;
}

/**
 * One page of the newest comparisons of the practice's groups, from a place in the hub's log on.
 * @throws WireRefusal hub-restored
 */
export async function fetchComparisons(
  hub: Hub,
  agent: AgentRow,
  { from, seenSize }: FetchComparisonsRequest__Output,
): Promise<FetchComparisonsReply> {
  const rows = await hub.store.db
    .selectFrom("comparison_document as document")
    .innerJoin("collection", "collection.id", "document.collection")
    .select(["document.bytes", "document.signature", "document.hub_log_index as index"])
    .select("collection.closed_index as closed")
    .where("document.bytes", "is not", null)
    .where("document.hub_log_index", ">=", from)
    .where("document.group_name", "in", await comparedGroups(hub, agent.practice))
    .orderBy("document.hub_log_index")
    .limit(PAGE)
    .execute();
  const page: { document: Buffer; signature: Buffer; index: number; closed: number | null }[] = [];
  let size = 0;
  for (const { bytes, signature, index, closed } of rows) {
    if (bytes === null) continue; // the query leaves them out
    size += bytes.length;
    if (page.length > 0 && size > PAGE_BYTES) break;
    page.push({ document: bytes, signature, index, closed });
  }
  return hub.store.settledLog((log) => {
    const head = headAfter(hub, log, seenSize);
    // One that an earlier log names is soon named in this one.
    const proved = page.filter(({ index }) => placeOf(index).number === log.number);
    return {
      comparisons: proved.map(({ document, signature, index, closed }) => {
        const { position } = placeOf(index);
        const named = { entry: log.lineAt(position), inclusion: log.inclusion(position) };
        return { document, signature, ...named, ...closingOf(log, closed) };
      }),
      next: (page.at(-1)?.index ?? from - 1) + 1,
      more: page.length < rows.length || rows.length === PAGE,
      ...head,
    };
  });
}

/** The entry of a closing with its proof; nothing where an earlier log has it, for this one proves nothing of it. */
function closingOf(log: AuditLog, closed: number | null): Pick<Comparison, "closing" | "closingInclusion"> {
  if (closed === null || placeOf(closed).number !== log.number) return {};
  const { position } = placeOf(closed);
  return { closing: log.lineAt(position), closingInclusion: log.inclusion(position) };
}
