import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import { WireRefusal } from "@cairn/wire";
import type { Hub } from "./hub.js";
import type { Change } from "./store/store.js";

/** Largest reply in bytes that is stored: a larger one is of refusals, which are made again alike. */
const MOST_BYTES = 256 * 1024;
const KEPT_MS = 7 * 86_400_000;
/** Replies stored for one agent, so that one that calls without end does not fill the disk. */
const KEPT_EACH = 500;

/**
 * Makes a change once for each idempotency key: the same call again gets the same reply, which is stored in the
 * transaction of the change. Replies are stored for a week, an agent's newest 500 at most.
 * @throws WireRefusal bad-request where a key comes again with another request, or is missing
 */
export async function idempotently<T>(
  hub: Hub,
  agent: string,
  call: string,
  key: string,
  request: unknown,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  if (key === "" || key.length > 100)
    throw new WireRefusal("bad-request", `${call} needs an idempotency key`);
  const digest = createHash("sha256").update(serialize(request)).digest();
  const now = hub.settings.now();
  return hub.store.change(async (change) => {
    const { tx } = change;
    const before = await tx
      .selectFrom("idempotency")
      .select(["request", "reply"])
      .where("agent", "=", agent)
      .where("call", "=", call)
      .where("key", "=", key)
      .executeTakeFirst();
    if (before) {
      if (before.request.equals(digest)) return deserialize(before.reply) as T;
      throw new WireRefusal("bad-request", `the idempotency key of this ${call} was used for another one`);
    }
    const reply = await work(change);
    await tx
      .deleteFrom("idempotency")
      .where("at", "<", now - KEPT_MS)
      .execute();
    await tx
      .deleteFrom("idempotency")
      .where("agent", "=", agent)
      .where("at", "<", (older) =>
        older
          .selectFrom("idempotency as newer")
          .select("newer.at")
          .where("newer.agent", "=", agent)
          .orderBy("newer.at", "desc")
          .limit(1)
          .offset(KEPT_EACH),
      )
      .execute();
    const kept = serialize(reply);
    if (kept.length > MOST_BYTES) return reply;
    await tx
      .insertInto("idempotency")
      .values({ agent, call, key, request: digest, reply: kept, at: now })
      .execute();
    return reply;
  }, call);
}
