/** Settings that are kept with the hub, so that its server and the commands beside it say the same of a practice. */
import type { Database } from "@cairn/sqlite";
import type { Store } from "./store.js";

/** How long an agent may not be heard of before it is offline, in milliseconds; null where nobody has said. */
export function keptOfflineAfter(file: Database): number | null {
  const kept = file
    .prepare<[], number | bigint>("SELECT value FROM setting WHERE name = 'offline_after'")
    .pluck()
    .get();
  return kept === undefined ? null : Number(kept);
}

/** @param ms milliseconds */
export async function keepOfflineAfter(store: Store, ms: number): Promise<void> {
  await store.quietly(async (tx) => {
    await tx
      .insertInto("setting")
      .values({ name: "offline_after", value: ms })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: ms }))
      .execute();
  });
}
