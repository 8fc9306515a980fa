/** Reasons for withheld cells of a release: for the practice's own eyes, on its own page. */
import type { Reason, Side } from "@cairn/disclosure";
import type { Reader } from "../store/store.js";

/** Reasons by cell position and part; a released part has none. A corrected release has reasons of its own. */
export function reasonsOf(
  store: Reader,
  run: string,
  correction: number,
): (cell: number, part: Side) => Reason | null {
  const rows = store.db
    .prepare<[string, number], { cell: number; part: string; reason: Reason }>(
      "SELECT cell, part, reason FROM withheld WHERE run = ? AND correction = ?",
    )
    .all(run, correction);
  const reasons = new Map(rows.map(({ cell, part, reason }) => [`${cell} ${part}`, reason]));
  return (cell, part) => reasons.get(`${cell} ${part}`) ?? null;
}
