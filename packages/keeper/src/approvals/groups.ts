/** Which groups the practice is in: a person here has accepted them by name. An invitation makes nobody a member. */
import { isName } from "@cairn/wire";
import { KeeperError } from "../errors.js";
import type { Change, Reader } from "../store/store.js";

/** `waiting`: it asked, and nobody here has accepted it. */
export type GroupState = "joined" | "left" | "waiting";

interface Row {
  grp: string;
  state: "joined" | "left";
  since: number;
}

/** Groups that asked and that nobody has accepted: a hub can invent names, and no more than these are kept. */
const MOST_WAITING = 16;

export function groupState(store: Reader, group: string): GroupState {
  return membership(store, group)?.state ?? "waiting";
}

/** Since when the practice is in the group, milliseconds since 1970; null where it is not. */
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

/** Whose requests one call's assignments may be kept for: groups that are known here, and a few that wait for a person. */
export class RoomForGroups {
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

  /** A request of the group is written down. */
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

/** @throws KeeperError name-wrong */
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
