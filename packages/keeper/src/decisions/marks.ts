/** Marks people on worklists: in this keeper alone, and in no log, for a mark is of one person. */
import type { Actor } from "@cairn/ledger";
import { printable } from "@cairn/wire";
import { KeeperError } from "../errors.js";
import type { KeeperStore } from "../store/store.js";
import { keepMark, type Mark, removeMark } from "../worklists/marks.js";

const MOST_WHY = 200; // characters

/**
 * Marks a person, in place of an earlier mark; null removes it. It changes nothing that leaves.
 * @param patient the practice's own identifier
 * @throws KeeperError why-missing for "not suitable" without a reason; SqliteError
 */
export function markPerson(
  store: KeeperStore,
  { query, patient }: { readonly query: string; readonly patient: string },
  mark: Mark | null,
  by: Actor,
): void {
  const kept = mark && withReason(mark);
  store.change((change) => {
    if (kept === null) removeMark(change, query, patient);
    else keepMark(change, query, patient, kept, by);
  });
}

function withReason(mark: Mark): Mark {
  if (mark.mark !== "not-suitable") return mark;
  const why = printable(mark.why, MOST_WHY).trim();
  if (why === "") throw new KeeperError("why-missing", "not suitable needs a reason: say why in a few words");
  return { ...mark, why };
}
