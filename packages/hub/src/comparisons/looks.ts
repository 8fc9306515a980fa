/** Looks at a group's comparison: each stands in the hub's log before anything is shown. */
import { randomBytes } from "node:crypto";
import type { CharterRole, GroupCharter } from "@cairn/access";
import { actor, hubLog } from "@cairn/ledger";
import { consentsOf } from "./consents.js";
import type { Hub } from "../hub.js";
import { sights } from "../library/charters.js";

/** A look at numbers of a group. Without a query: at an overview; without a date: at several. */
export interface Look {
  readonly group: string;
  readonly query: string | null;
  readonly date: string | null; // ISO
  /** The charter by which it was allowed; null where the group has none. */
  readonly charter: GroupCharter | null;
  readonly shown: "figures" | "dots" | "names";
  /** The practices (ids) that are shown by name, and the role of the charter to which each consents to be. */
  readonly named?: { readonly to: CharterRole; readonly practices: readonly string[] };
}

/** The purpose of a look at a group without a charter, as each page states it. */
const PURPOSE = "improvement";

/**
 * Logs a look, with the purpose of its group's charter.
 * @param name of who looks; null: whoever sits at the machine, while nobody has an account
 * @throws Error where another charter has come into force since it was allowed, or a practice has taken back its consent to
 * be named to that role: then nothing is to be shown
 */
export async function logLook(
  hub: Hub,
  { charter, named: shown, ...look }: Look,
  name: string | null,
): Promise<void> {
  await hub.store.unheard(async ({ tx, note }) => {
    const known = (await sights(tx))(look.group);
    const digest = known?.digest ?? "";
    if (digest !== (charter?.digest ?? ""))
      throw new Error(`another charter of ${look.group} has come into force meanwhile`);
    const named = shown?.practices ?? [];
    const consents = named.length === 0 ? [] : await consentsOf(tx, look.group, hub.settings.now());
    if (!named.every((id) => consents.some(({ practice, to }) => practice === id && to === shown?.to)))
      throw new Error(`a practice of ${look.group} that was to be named consents no more`);
    const purpose = known?.purpose ?? PURPOSE;
    note(hubLog.comparisonViewed, {
      ...{ ...look, purpose, charter: digest, named: named.length },
      by: name === null ? null : actor(name),
    });
    for (const practice of inNoOrder(named)) note(hubLog.practiceNamed, { practice, group: look.group });
  });
}

/** In an order drawn by lot, so that in a sealed export the place of a practice's own name says nothing of the others'. */
function inNoOrder(practices: readonly string[]): string[] {
  const drawn = practices.map((practice) => ({ practice, lot: randomBytes(16).toString("hex") }));
  return drawn.sort((a, b) => (a.lot < b.lot ? -1 : 1)).map(({ practice }) => practice);
}
