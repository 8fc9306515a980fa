import { hubLog } from "@cairn/ledger";
import { WireRefusal, type RenewReply, type RenewRequest__Output } from "@cairn/wire";
import type { Hub } from "../hub.js";
import { idempotently } from "../idempotency.js";
import { keyOfRequest, makeClientCertificate } from "../keys/certificates.js";
import { checkClock } from "./clock.js";
import { caBundle, chain, digestOf } from "./enrol.js";
import { checkInstance, cloned, identify, identifyByKey } from "./identify.js";

/**
 * Issues a new certificate, one generation on. With a valid certificate the key may change; after it has expired (TLS
 * then shows us none) the request has to be signed with the enrolled key, which proves its sender.
 * @throws WireRefusal bad-csr, clock-skew, and as `identify`
 */
export async function renew(
  hub: Hub,
  request: RenewRequest__Output,
  peer: Buffer | null,
): Promise<RenewReply> {
  checkClock(hub, request.sentAt);
  const key = await keyOfRequest(request.csr);
  if (!key)
    throw new WireRefusal(
      "bad-csr",
      "the certificate request is not one for a P-256 key that its sender holds",
    );
  const agent = peer ? await identify(hub, peer) : await identifyByKey(hub, key);
  checkInstance(agent, request);
  const digest = digestOf(key);
  // The request itself differs at each try (a signature is random): what it asks is the key and the generation.
  const asked = { digest, generation: request.generation };
  return idempotently(hub, agent, "renew", request.idempotencyKey, asked, async ({ tx, note }) => {
    const taken = await tx
      .selectFrom("agent")
      .select("id")
      .where("key_digest", "=", digest)
      .executeTakeFirst();
    if (taken && taken.id !== agent.id) throw cloned();
    const generation = agent.generation + 1;
    const now = hub.settings.now();
    const certificate = await makeClientCertificate(
      hub.authority.issuer,
      { id: agent.id, generation },
      key,
      now,
    );
    await tx
      .updateTable("agent")
      .set({ generation, certificate, courier_key: key, key_digest: digest })
      .where("id", "=", agent.id)
      .execute();
    note(hubLog.agentRenewed, { agent: agent.id, generation });
    return { ...chain(hub, certificate), caBundle: caBundle(hub), generation };
  });
}
