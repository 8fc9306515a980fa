/** A call that is made again gets the reply that it got: kept as JSON that a person can read. */
import { createHash } from "node:crypto";
import { serialize } from "node:v8";
import t, { type Test } from "tap";
import { idempotently } from "../src/idempotency.js";
import { story } from "./story.js";

const REPLY = {
  receipts: [{ run: "r1", signature: Buffer.from([0, 1, 255]), correction: 0, group: "" }],
  refusals: [{ run: "r2", refusal: { code: "run-unknown", words: "no such run" } }],
};
const REQUEST = [["r1", Buffer.from("digest")], "r2"];

async function hubWithAgent(t: Test) {
  const it = await story();
  t.teardown(() => it.end());
  await it.member("Rowan");
  const { hub } = it.serving;
  const { id } = await hub.store.db.selectFrom("agent").select("id").executeTakeFirstOrThrow();
  const ask = (request: unknown, work: () => Promise<unknown>) =>
    idempotently(hub, { id, practice: "p" }, "submit", "k", request, work);
  return { hub, id, ask };
}

t.test("the same call again gets the same reply, bytes and all, without being done again", async (t) => {
  const { hub, ask } = await hubWithAgent(t);
  t.same(await ask(REQUEST, async () => REPLY), REPLY);
  t.same(await ask(REQUEST, async () => t.fail("done twice")), REPLY);
  await t.rejects(
    ask([["r1", Buffer.from("another")], "r2"], async () => REPLY),
    { code: "bad-request" },
  );
  const { reply } = await hub.store.db
    .selectFrom("idempotency")
    .select("reply")
    .where("key", "=", "k")
    .executeTakeFirstOrThrow();
  t.match(JSON.parse(reply.toString("utf8")), {
    receipts: [{ run: "r1", signature: { base64: "AAH/" } }],
    refusals: [{ refusal: { words: "no such run" } }],
  });
});

t.test("a reply that an earlier version kept is answered until it has run out", async (t) => {
  const { hub, id, ask } = await hubWithAgent(t);
  await hub.store.db
    .insertInto("idempotency")
    .values({
      ...{ agent: id, call: "submit", key: "k", at: hub.settings.now() },
      request: createHash("sha256").update(serialize(REQUEST)).digest(),
      reply: serialize(REPLY),
    })
    .execute();
  t.same(await ask(REQUEST, async () => t.fail("done twice")), REPLY);
  await t.rejects(
    ask("another", async () => REPLY),
    { code: "bad-request" },
  );
});
