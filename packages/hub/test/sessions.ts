/** Sessions of people, as they are after signing in. */
import type { Hub } from "@cairn/hub";
import { digestOf } from "@cairn/sign-in";
import type { FastifyInstance } from "fastify";
import { HubSignInStore } from "../src/people/sign-in-store.js";

/** A session of an account, as it is after signing in. @returns the cookie, with a token for its forms */
export async function session(
  hub: Hub,
  app: FastifyInstance,
  account: number,
): Promise<{ cookie: string; token: string }> {
  const id = `session-of-${account}`;
  const data = JSON.stringify({ account, signedInAt: hub.settings.now(), provenAt: hub.settings.now() });
  const cookie = `cairn-hub=${id}`;
  await new HubSignInStore(hub).keepSession(digestOf(cookie), data, account);
  const { body } = await app.inject({ url: "/sign-in", headers: { cookie } });
  return { cookie, token: /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? "" };
}
