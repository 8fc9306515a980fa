/**
 * Members of groups at the hub. The hub only asks: a practice is shown to a group under the uses that it signs
 * itself, so leaving here ends what is still asked, and withdraws nothing.
 */
import type { Hub } from "../hub.js";
import { HubError } from "../errors.js";
import { OPEN_STATES } from "@cairn/comparisons";
import { hubLog } from "@cairn/ledger";
import type { Change } from "../store/store.js";
import { setConsentsAside } from "./set-consents-aside.js";
import { practiceId } from "./find.js";
import { inPlain, requireName, requirePerson, systemUser } from "./names.js";

const FLOOR = { floor_k: 8, floor_base: 5, floor_midpoint: 0 }; // k8-r5
/** The reason of a request that ended because its practice left the group. */
const LEFT = "not-a-member";

interface Joined {
  readonly isNewMember: boolean;
  readonly isNewGroup: boolean;
}

/**
 * Puts a practice into a group, which is made where it is new; no other function adds a member. What the group had
 * asked of it before it left is asked again; collections that are open keep their members.
 * @param practice its id.
 * @throws HubError name-wrong
 */
export async function joinGroup(
  change: Change,
  group: string,
  practice: string,
  now: number,
): Promise<Joined> {
  requireName("group", group);
  const made = await change.tx
    .insertInto("practice_group")
    .values({ name: group, ...FLOOR })
    .onConflict((known) => known.doNothing())
    .executeTakeFirst();
  const joined = await change.tx
    .insertInto("group_member")
    .values({ group_name: group, practice, joined_at: now })
    .onConflict((known) => known.doNothing())
    .executeTakeFirst();
  const isNewMember = (joined.numInsertedOrUpdatedRows ?? 0n) > 0n;
  if (isNewMember) await askAgain(change, group, practice, now);
  return { isNewMember, isNewGroup: (made.numInsertedOrUpdatedRows ?? 0n) > 0n };
}

/** Adds a practice to a group. @param by the person. @throws HubError practice-unknown, name-wrong */
export async function addToGroup(
  hub: Hub,
  practice: string,
  group: string,
  by = systemUser(),
): Promise<Joined> {
  requirePerson(by);
  return hub.store.change(async (change) => {
    const id = await practiceId(change.tx, practice);
    const joined = await joinGroup(change, group, id, hub.settings.now());
    if (joined.isNewMember) change.note(hubLog.groupJoined, { practice: id, name: practice, group, by });
    return joined;
  });
}

/**
 * Removes a practice from a group: nothing more is asked of it for the group, and unanswered requests show as left.
 * Its releases and figures that were made stay.
 * @param by the person.
 * @returns the number of open requests ended
 * @throws HubError practice-unknown, not-a-member, name-wrong
 */
export async function removeFromGroup(
  hub: Hub,
  practice: string,
  group: string,
  by = systemUser(),
): Promise<number> {
  requirePerson(by);
  return hub.store.change(async (change) => {
    const id = await practiceId(change.tx, practice);
    const ended = await leaveGroup(change, group, id, hub.settings.now());
    if (ended === null) {
      throw new HubError(
        "not-a-member",
        `${practice} is not in the group ${inPlain(group)}: see cairn hub practices`,
      );
    }
    change.note(hubLog.groupLeft, { practice: id, name: practice, group, by });
    return ended;
  });
}

/** Ends a membership. @returns the number of open requests ended; null where the practice is not in the group */
export async function leaveGroup(
  change: Change,
  group: string,
  practice: string,
  now: number,
): Promise<number | null> {
  const { tx } = change;
  const gone = await tx
    .deleteFrom("group_member")
    .where("group_name", "=", group)
    .where("practice", "=", practice)
    .executeTakeFirst();
  if (gone.numDeletedRows === 0n) return null;
  await setConsentsAside(change, { group, practice });
  // Also where the group has its use: under that a release counts whatever the request says, and is not told of again.
  const ended = await tx
    .updateTable("run_request")
    .set({ state: "left" })
    .where("group_name", "=", group)
    .where("practice", "=", practice)
    .where("state", "in", ["asked", "ready", "waiting-for-approval"])
    .returning("newest_use")
    .execute();
  // One that the agent answers right now is its own matter: without the group's use it counts for nobody.
  await tx
    .updateTable("run")
    .set({ state: "expired", reason: LEFT, changed_at: now })
    .where("practice", "=", practice)
    .where("state", "in", [...OPEN_STATES.filter((state) => state !== "claimed"), "not-due"])
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom("run_request as other")
            .select("other.run")
            .whereRef("other.run", "=", "run.id")
            .where("other.state", "in", ["asked", "ready", "waiting-for-approval"]),
        ),
      ),
    )
    .where("id", "in", (of) =>
      of.selectFrom("run_request").select("run").where("group_name", "=", group).where("state", "=", "left"),
    )
    .execute();
  return ended.filter(({ newest_use }) => newest_use === null).length;
}

async function askAgain({ tx }: Change, group: string, practice: string, now: number): Promise<void> {
  const asked = await tx
    .updateTable("run_request")
    .set({ state: "asked", heard: 0, told: 0, tell_at: 0, group_waits: 0 })
    .where("group_name", "=", group)
    .where("practice", "=", practice)
    .where("state", "=", "left")
    .returning("run")
    .execute();
  for (const { run } of asked) {
    await tx
      .updateTable("run")
      .set({ state: "offered", reason: null, changed_at: now })
      .where("id", "=", run)
      .where("state", "=", "expired")
      .where("reason", "=", LEFT)
      .execute();
  }
}
