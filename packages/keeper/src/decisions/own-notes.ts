/** Writes and removes the practice's own notes: the log tells who did and of which question, and not what was written. */
import { randomBytes } from "node:crypto";
import { practiceLog, type Actor } from "@cairn/ledger";
import { readDate } from "@cairn/query-library";
import { shortDate } from "@cairn/text";
import { printable } from "@cairn/wire";
import { KeeperError } from "../errors.js";
import { deleteOwnNote, type DraftNote, insertOwnNote } from "../own-numbers/notes.js";
import { reasonDigest } from "../releases/withdrawal.js";
import type { KeeperStore } from "../store/store.js";

const MOST_TEXT = 400; // characters
const MOST_YEARS = 10;

/**
 * Keeps a note of a query.
 * @param note its date as it was typed; "" for today
 * @throws KeeperError note-text-wrong, note-date-wrong
 */
export function writeOwnNote(store: KeeperStore, query: string, note: DraftNote, by: Actor): void {
  const kept = { date: dateOf(note.date.trim(), store.today), text: textOf(note.text) };
  const salt = randomBytes(16);
  const digest = reasonDigest(salt, kept.text);
  store.change((change) => {
    const id = insertOwnNote(change, query, { ...kept, salt, by });
    change.note(practiceLog.ownNoteWritten, { query, note: id, digest, by });
  });
}

/** Removes a note. @returns whether the query had it */
export function removeOwnNote(store: KeeperStore, query: string, id: number, by: Actor): boolean {
  return store.change((change) => {
    if (!deleteOwnNote(change, query, id)) return false;
    change.note(practiceLog.ownNoteRemoved, { query, note: id, by });
    return true;
  });
}

/** The whole text on one line: what is too long is refused and not cut. */
function textOf(typed: string): string {
  const text = printable(typed, typed.length);
  if (text === "") throw new KeeperError("note-text-wrong", "write what the note says");
  if ([...text].length > MOST_TEXT)
    throw new KeeperError("note-text-wrong", `write at most ${MOST_TEXT} characters`);
  return text;
}

function dateOf(typed: string, today: string): string {
  const date = typed === "" ? today : readDate(typed);
  if (date === null)
    throw new KeeperError("note-date-wrong", `write the date as day/month/year, ${shortDate(today)}`);
  if (date > today || Number(today.slice(0, 4)) - Number(date.slice(0, 4)) > MOST_YEARS)
    throw new KeeperError(
      "note-date-wrong",
      `the date is today or earlier, and at most ${MOST_YEARS} years back`,
    );
  return date;
}
