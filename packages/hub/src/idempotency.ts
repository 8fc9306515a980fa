import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8"; // rows of before alone
import { WireRefusal } from "@cairn/wire";
import type { Hub } from "./hub.js";
import type { Change } from "./store/store.js";
import type { AgentRow } from "./store/tables.js";

/** Largest reply in bytes that is stored: a larger one is of refusals, which are made again alike. */
const MOST_BYTES = 256 * 1024;
const KEPT_MS = 7 * 86_400_000;
/** Replies stored for one agent, so that one that calls without end does not fill the disk. */
const KEPT_EACH = 500;

/**
 * Makes a change once for each idempotency key: the same call again gets the same reply, which is stored in the
 * transaction of the change, as JSON. The change concerns the agent's practice alone. Replies are stored for a week, an agent's newest 500 at most.
 * @throws WireRefusal bad-request where a key comes again with another request, or is missing
 */
export async function idempotently<T>(
  hub: Hub,
  agent: Pick<AgentRow, "id" | "practice">,
  call: string,
  key: string,
  request: unknown,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  if (key === "" || key.length > 100)
    throw new WireRefusal("bad-request", `${call} needs an idempotency key`);
  const digest = sha256(written(request));
  const now = hub.settings.now();
  return hub.store.change(async (change) => {
    const { tx } = change;
    change.concerns([agent.practice]);
    const before = await tx
      .selectFrom("idempotency")
      .select(["request", "reply"])
      .where("agent", "=", agent.id)
      .where("call", "=", call)
      .where("key", "=", key)
      .executeTakeFirst();
    if (before) {
      if (before.request.equals(digest)) return read(before.reply) as T;
      if (isOfBefore(before.reply) && before.request.equals(sha256(serialize(request))))
        return deserialize(before.reply) as T;
      throw new WireRefusal("bad-request", `the idempotency key of this ${call} was used for another one`);
    }
    const reply = await work(change);
    await tx
      .deleteFrom("idempotency")
      .where("at", "<", now - KEPT_MS)
      .execute();
    await tx
      .deleteFrom("idempotency")
      .where("agent", "=", agent.id)
      .where("at", "<", (older) =>
        older
          .selectFrom("idempotency as newer")
          .select("newer.at")
          .where("newer.agent", "=", agent.id)
          .orderBy("newer.at", "desc")
          .limit(1)
          .offset(KEPT_EACH),
      )
      .execute();
    const kept = written(reply);
    if (kept.length > MOST_BYTES) return reply;
    await tx
      .insertInto("idempotency")
      .values({ agent: agent.id, call, key, request: digest, reply: kept, at: now })
      .execute();
    return reply;
  }, call);
}

/** A request or reply as JSON that a person can read; bytes as `{"base64": "..."}`. */
function written(message: unknown): Buffer {
  return Buffer.from(
    JSON.stringify(message, (_key, value: unknown) =>
      isBufferJson(value) ? { base64: Buffer.from(value.data).toString("base64") } : value,
    ),
  );
}

function read(json: Buffer): unknown {
  return JSON.parse(json.toString("utf8"), (_key, value: unknown) =>
    isBase64(value) ? Buffer.from(value.base64, "base64") : value,
  );
}

/** Whether a value is what `JSON.stringify` is given of a Buffer. */
function isBufferJson(value: unknown): value is { readonly data: readonly number[] } {
  return isObject(value) && value["type"] === "Buffer" && Array.isArray(value["data"]);
}

function isBase64(value: unknown): value is { readonly base64: string } {
  return isObject(value) && typeof value["base64"] === "string" && Object.keys(value).length === 1;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Whether a stored reply is of a hub before replies were JSON: V8's own form begins with this byte. Gone after a week. */
function isOfBefore(reply: Buffer): boolean {
  return reply[0] === 0xff;
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
