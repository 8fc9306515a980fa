/** What groups wrote down: notes, aims and tests of change, kept with who wrote each. */
import { createHash } from "node:crypto";
import type { GroupNote } from "@cairn/comparisons";
import { hubLog, type Actor } from "@cairn/ledger";
import type { Hub } from "../hub.js";
import type { Kysely } from "kysely";
import { reviseDocuments } from "../store/revise-documents.js";
import type { Tables } from "../store/tables.js";
import type { DraftNote } from "./read-note.js";

/** A note as the hub keeps it. */
export interface KeptNote extends GroupNote {
  readonly id: number;
  readonly query: string;
  readonly written_by: string;
}

/** A group's notes, in order of date. */
export async function notesOf(db: Kysely<Tables>, group: string): Promise<KeptNote[]> {
  const rows = await db
    .selectFrom("group_note")
    .selectAll()
    .where("group_name", "=", group)
    .orderBy("date")
    .orderBy("id")
    .execute();
  return rows.map(
    ({ id, query, kind, date, text, share, measured_by, until, written_by, outcome, outcome_date }) => ({
      ...{ id, query, written_by, date, kind, text, share, measured_by, until },
      outcome: outcome === null || outcome_date === null ? null : { what: outcome, date: outcome_date },
    }),
  );
}

/** Keeps a note. Its text is in the log as a digest: what was typed can be taken out of a table, and not of a log. */
export async function keepNote(
  hub: Hub,
  about: { readonly group: string; readonly query: string },
  note: DraftNote,
  by: Actor,
): Promise<void> {
  await hub.store.change(async ({ tx, note: enter }) => {
    const { id } = await tx
      .insertInto("group_note")
      .values({
        ...{ group_name: about.group, query: about.query, ...note },
        ...{ written_by: by, written_at: hub.settings.now() },
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    const digest = createHash("sha256").update(JSON.stringify(note)).digest("hex");
    enter(hubLog.noteWritten, { ...about, note: id, what: note.kind, digest, by });
    await reviseDocuments(tx, about);
  });
}

export const OUTCOMES = ["kept", "changed", "dropped"] as const;
type Outcome = (typeof OUTCOMES)[number];

/**
 * Keeps what came of an aim or a test of change.
 * @returns false where there is none that is still open
 */
export async function keepOutcome(
  hub: Hub,
  about: { readonly group: string; readonly query: string; readonly note: number },
  outcome: Outcome,
  by: Actor,
): Promise<boolean> {
  const { group, query, note } = about;
  return hub.store.change(async ({ tx, note: enter }) => {
    const changed = await tx
      .updateTable("group_note")
      .set({ outcome, outcome_date: todayOf(hub), outcome_by: by })
      .where("id", "=", note)
      .where("group_name", "=", group)
      .where("query", "=", query)
      .where("kind", "!=", "note")
      .where("outcome", "is", null)
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) return false;
    enter(hubLog.planLookedAt, { group, query, note, outcome, by });
    await reviseDocuments(tx, { group, query });
    return true;
  });
}

/** Today, ISO. */
export function todayOf(hub: Hub): string {
  return new Date(hub.settings.now()).toISOString().slice(0, 10);
}

/** Names that no note of a group may hold: of every practice that this hub knows. */
export async function practiceNames(hub: Hub): Promise<string[]> {
  const rows = await hub.store.db.selectFrom("practice").select("name").execute();
  return rows.map(({ name }) => name);
}
