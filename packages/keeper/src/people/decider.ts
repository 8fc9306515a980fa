/** The person who decides by a command: where people have accounts, whoever is named has to be one who may. */
import { may, type CharteredAction, type PracticeAction } from "@cairn/access";
import type { Actor } from "@cairn/ledger";
import { KeeperError } from "../errors.js";
import { person } from "../store/person.js";
import type { KeeperStore } from "../store/store.js";
import { allRows, personOf, rowNamed } from "./rows.js";

/**
 * The person who decides now, as the log names them.
 * @param as what they call themselves; the system's user where absent, who holds the machine and is asked nothing.
 * @throws KeeperError name-wrong; person-unknown, may-not where people have accounts and this is none of them, or one
 * whose role may not
 */
export function decider(
  store: KeeperStore,
  as: string | undefined,
  action: Exclude<PracticeAction, CharteredAction>,
): Actor {
  const by = person(as);
  if (as === undefined || allRows(store).length === 0) return by;
  const row = rowNamed(store, by);
  if (!row || row.disabled !== 0)
    throw new KeeperError(
      "person-unknown",
      `--as ${by}: nobody of this name has an account at this practice: see cairn agent person list`,
    );
  const answer = may(personOf(store, row), action, { practice: store.origin });
  if (!answer.allowed) throw new KeeperError("may-not", `--as ${by}: ${answer.why}`);
  return by;
}
