/** Marks on a worklist: notes of the practice for itself, by query and person. Nothing that leaves is made from them. */
import type { Change, Reader } from "../store/store.js";

export const MARKS = ["seen", "not-suitable", "recalled"] as const;
export type MarkName = (typeof MARKS)[number];

/** A mark as somebody makes it: only "not suitable" needs a reason. */
export type Mark =
  { readonly mark: "seen" | "recalled" } | { readonly mark: "not-suitable"; readonly why: string };

export type KeptMark = Mark & {
  readonly by: string;
  readonly at: string; // ISO 8601
};

interface Row {
  readonly patient: string;
  readonly mark: MarkName;
  readonly why: string;
  readonly by: string;
  readonly at: number;
}

export function isMarkName(word: string): word is MarkName {
  return MARKS.some((each) => each === word);
}

/** The marks of a query, by the practice's own identifier of the person. */
export function marksOf(store: Reader, query: string): ReadonlyMap<string, KeptMark> {
  const rows = store.db
    .prepare<[string], Row>("SELECT patient, mark, why, by, at FROM mark WHERE query = ?")
    .all(query);
  return new Map(
    rows.map(({ patient, mark, why, by, at }) => {
      const who = { by, at: new Date(at).toISOString() };
      return [patient, mark === "not-suitable" ? { mark, why, ...who } : { mark, ...who }];
    }),
  );
}

export function keepMark(change: Change, query: string, patient: string, mark: Mark, by: string): void {
  change.db
    .prepare(
      `INSERT INTO mark (query, patient, mark, why, by, at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (query, patient) DO UPDATE
       SET mark = excluded.mark, why = excluded.why, by = excluded.by, at = excluded.at`,
    )
    .run(query, patient, mark.mark, "why" in mark ? mark.why : "", by, BigInt(change.now()));
}

export function removeMark(change: Change, query: string, patient: string): void {
  change.db.prepare("DELETE FROM mark WHERE query = ? AND patient = ?").run(query, patient);
}
