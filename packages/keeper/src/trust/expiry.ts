/**
 * Expiry of the library: it stops what is new, and never the agent. Accepted queries go on for some days more, so
 * that a hub that is late does not stop a practice, and then wait under the same name.
 */
import type { RefusalCode } from "@cairn/wire";
import { expiredLibraryDays } from "../config.js";
import type { Reader } from "../store/store.js";
import { trustsSingleKey } from "./root.js";

const DAY_MS = 86_400_000;
const SINGLE_KEY =
  "this agent still trusts the single key that signed libraries before: ask the hub for the file of the new root, compare its fingerprint with the signers by telephone, and give cairn agent trust FILE; all that was released stays known";

interface Expired {
  readonly code: Extract<RefusalCode, "library-expired">;
  readonly words: string;
  /** Whether the days beyond it are over too, so that accepted queries wait. */
  readonly stopsAll: boolean;
}

/** The expiry in force; null before the first library and while the newest has not expired. */
export function libraryExpired(store: Reader): Expired | null {
  const row = store.db
    .prepare<[], { version: string; expires_at: number }>(
      "SELECT version, expires_at FROM library ORDER BY position DESC LIMIT 1",
    )
    .get();
  if (!row && trustsSingleKey(store)) return { code: "library-expired", words: SINGLE_KEY, stopsAll: true };
  if (!row || store.now() < row.expires_at) return null;
  const goesOnTo = row.expires_at + expiredLibraryDays() * DAY_MS;
  const stopsAll = store.now() >= goesOnTo;
  const since = `library version ${row.version} expired on ${dayOf(row.expires_at)}`;
  const what = stopsAll
    ? "no query is answered until the hub sends a newer one"
    : `no new query is accepted until the hub sends a newer one; what was accepted goes on to ${dayOf(goesOnTo)}`;
  return { code: "library-expired", words: `${since}: ${what}`, stopsAll };
}

/** The date on which the newest library expires (ISO); null before the first. */
export function libraryExpires(store: Reader): string | null {
  const row = store.db
    .prepare<[], { expires_at: number }>("SELECT expires_at FROM library ORDER BY position DESC LIMIT 1")
    .get();
  return row ? dayOf(row.expires_at) : null;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
