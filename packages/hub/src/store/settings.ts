/** Settings stored with the hub, so that its server and the commands beside it agree about a practice. */
import type { Database } from "@cairn/sqlite";
import type { Store } from "./store.js";

/** Time in ms after which a silent agent is offline; null where nobody has set it. */
export function keptOfflineAfter(file: Database): number | null {
  const kept = file
    .prepare<[], number | bigint>("SELECT value FROM setting WHERE name = 'offline_after'")
    .pluck()
    .get();
  return kept === undefined ? null : Number(kept);
}

/** Stores that time. @param ms milliseconds */
export async function keepOfflineAfter(store: Store, ms: number): Promise<void> {
  await store.quietly(async (tx) => {
    await tx
      .insertInto("setting")
      .values({ name: "offline_after", value: ms })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: ms }))
      .execute();
  });
}
