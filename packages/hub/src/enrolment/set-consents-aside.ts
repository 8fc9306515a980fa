/** The hub's own end of consents to be named: their practice left the group, or another charter came into force. */
import type { Change } from "../store/store.js";

/**
 * Sets aside what was consented to in a group until now, by one practice or by all: told again it is known, and names nobody,
 * whatever group and charter hold then. Ends go on binding.
 */
export async function setConsentsAside(
  { tx }: Change,
  { group, practice }: { readonly group: string; readonly practice?: string },
): Promise<void> {
  const all = tx.updateTable("consent").set({ set_aside: 1 }).where("group_name", "=", group);
  const own = practice === undefined ? all : all.where("practice", "=", practice);
  await own.where("ended", "=", 0).execute();
}
