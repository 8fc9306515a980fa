/** Groups of the practice: a person here has accepted them by name. An invitation makes nobody a member. */
import { isName } from "@cairn/wire";
import { KeeperError } from "../errors.js";
import type { Change, Reader } from "../store/store.js";

/** State of a group. `waiting`: it asked, and nobody here has accepted it. */
export type GroupState = "joined" | "left" | "waiting";

interface Row {
  grp: string;
  state: "joined" | "left";
  since: number;
}

/** Most groups kept that asked and that nobody has accepted: a hub can invent names. */
const MOST_WAITING = 16;

export function groupState(store: Reader, group: string): GroupState {
  return membership(store, group)?.state ?? "waiting";
}

/** Since when the practice is in the group, in ms since 1970; null where it is not. */
export function joinedAt(store: Reader, group: string): number | null {
  const row = membership(store, group);
  return row?.state === "joined" ? row.since : null;
}

/** Every group that asked here or was decided on, by name. */
export function allGroups(store: Reader): { readonly group: string; readonly state: GroupState }[] {
  return store.db
    .prepare<[], { grp: string; state: GroupState }>(
      `SELECT grp, 'waiting' AS state FROM offered WHERE grp NOT IN (SELECT grp FROM membership) GROUP BY grp
       UNION ALL SELECT grp, state FROM membership ORDER BY grp`,
    )
    .all()
    .map(({ grp, state }) => ({ group: grp, state }));
}

/** The groups whose requests one call may add: those known here, and a few that wait for a person. */
export class GroupSpace {
  readonly #known: Set<string>;
  #room: number;

  constructor(store: Reader) {
    const groups = allGroups(store);
    this.#known = new Set(groups.map(({ group }) => group));
    this.#room = MOST_WAITING - groups.filter(({ state }) => state === "waiting").length;
  }

  has(group: string): boolean {
    return this.#known.has(group) || this.#room > 0;
  }

  /** Notes that a request of the group is stored. */
  take(group: string): void {
    if (this.#known.has(group)) return;
    this.#known.add(group);
    this.#room -= 1;
  }
}

/** @returns false where the practice stood so already. */
export function setMembership(change: Change, group: string, state: "joined" | "left"): boolean {
  if (groupState(change, group) === state) return false;
  change.db
    .prepare(
      "INSERT INTO membership (grp, state, since) VALUES (?, ?, ?) ON CONFLICT (grp) DO UPDATE SET state = excluded.state, since = excluded.since",
    )
    .run(group, state, BigInt(change.now()));
  return true;
}

/** Checks a group's name. @throws KeeperError name-wrong */
export function requireGroupName(group: string): void {
  if (isName(group)) return;
  throw new KeeperError(
    "name-wrong",
    `${JSON.stringify(group)} is not the name of a group: it is 1 to 200 characters on one line, with no space at its ends`,
  );
}

function membership(store: Reader, group: string): Row | null {
  return store.db.prepare<[string], Row>("SELECT * FROM membership WHERE grp = ?").get(group) ?? null;
}
