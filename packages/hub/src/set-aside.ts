/** Does work piece by piece, where one may fail alone: it is marked and logged once, and the others go on. */
import { explained, SqliteError } from "@cairn/sqlite";
import type { Hub } from "./hub.js";

const AGAIN_MS = 3_600_000;

interface Piece {
  readonly id: number;
  readonly fault: string | null;
}

/**
 * Does the work, or sets the row aside for an hour.
 * @returns whether it was done
 * @throws SqliteError: the store's own faults are no piece's
 */
export async function orSetAside(
  hub: Hub,
  table: "collection" | "schedule",
  piece: Piece,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    if (piece.fault !== null) await mark(hub, table, piece.id, null, null);
    return true;
  } catch (error) {
    const cause = explained(error, "the hub's database");
    if (cause instanceof SqliteError) throw cause;
    const fault = kindOf(error);
    const isNew = await mark(hub, table, piece.id, fault, hub.settings.now() + AGAIN_MS);
    if (isNew) hub.settings.fault(error, `${table} ${piece.id} is set aside for an hour`);
    return false;
  }
}

/** Marks a row. @returns whether it had another mark before */
async function mark(
  hub: Hub,
  table: "collection" | "schedule",
  id: number,
  fault: string | null,
  retryAt: number | null,
): Promise<boolean> {
  return hub.store.quietly(async (tx) => {
    const before = await tx.selectFrom(table).select("fault").where("id", "=", id).executeTakeFirst();
    await tx.updateTable(table).set({ fault, retry_at: retryAt }).where("id", "=", id).execute();
    return before?.fault !== fault;
  });
}

/** Name and code of an error; its message could hold anything. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return "something thrown that is no error";
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? `${error.name} ${code}` : error.name;
}
