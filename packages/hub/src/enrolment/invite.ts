import { createHash, randomBytes } from "node:crypto";
import { makeJoinCode } from "@cairn/wire";
import type { Hub } from "../hub.js";
import { caDigest } from "../store/files.js";
import type { Change } from "../store/store.js";
import { requireName, systemUser } from "./names.js";

const CODE_LIVES_MS = 72 * 3_600_000;
const FLOOR = { floor_k: 8, floor_base: 5, floor_midpoint: 0 }; // k8-r5

/**
 * Invites a practice into groups (made where they are new): a join code, good for one agent and 72 hours.
 * A practice that is already known gets a further code, for a new agent. The code is kept hashed.
 * @param by who decides. @throws HubError name-wrong
 */
export async function invite(
  hub: Hub,
  practice: string,
  groups: readonly string[],
  by = systemUser(),
): Promise<string> {
  requireName("person", by);
  requireName("practice", practice);
  for (const group of groups) requireName("group", group);
  const now = hub.settings.now();
  const secret = randomBytes(16);
  await hub.store.change("other", async (change) => {
    const id = await practiceNamed(change, practice, now);
    for (const group of groups) await join(change, group, id, now);
    await change.tx
      .insertInto("invitation")
      .values({
        code_hash: hashOf(secret),
        practice: id,
        created_at: now,
        expires_at: now + CODE_LIVES_MS,
        agent: null,
      })
      .execute();
    const facts = { practice, groups: groups.join(", "), expires: now + CODE_LIVES_MS, by };
    change.note("practice-invited", facts);
  });
  return makeJoinCode({
    secret,
    caDigest: caDigest(hub.files.rootCertificate),
    rootDigest: createHash("sha256").update(hub.libraryRoot).digest(),
  });
}

export function hashOf(secret: Uint8Array): Buffer {
  return createHash("sha256").update("cairn join code").update(secret).digest();
}

async function practiceNamed({ tx }: Change, name: string, now: number): Promise<string> {
  const known = await tx.selectFrom("practice").select("id").where("name", "=", name).executeTakeFirst();
  if (known) return known.id;
  const id = randomBytes(8).toString("hex");
  await tx.insertInto("practice").values({ id, name, created_at: now }).execute();
  return id;
}

/** A change of membership starts with the next period: collections that are open keep their members. */
async function join({ tx }: Change, group: string, practice: string, now: number): Promise<void> {
  await tx
    .insertInto("practice_group")
    .values({ name: group, ...FLOOR })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tx
    .insertInto("group_member")
    .values({ group_name: group, practice, joined_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
