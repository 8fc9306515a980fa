import { hubLog } from "@cairn/ledger";
import { WireRefusal, type RenewReply, type RenewRequest__Output } from "@cairn/wire";
import type { Hub } from "../hub.js";
import { idempotently } from "../idempotency.js";
import { keyOfRequest, makeClientCertificate } from "../keys/certificates.js";
import { checkClock } from "./clock.js";
import { caBundle, chain, digestOf } from "./enrol.js";
import { checkInstance, identifyByKey } from "./identify.js";

/**
 * Issues a new certificate, one generation on, over the enrolled key. The request is signed with that key, which proves
 * its sender whatever certificate is shown: one that has expired, that a lost issuer has signed, or none.
 * @throws WireRefusal bad-csr, clock-skew, and as `identify`
 */
export async function renew(hub: Hub, request: RenewRequest__Output): Promise<RenewReply> {
  checkClock(hub, request.sentAt);
  const key = await keyOfRequest(request.csr);
  if (!key)
    throw new WireRefusal(
      "bad-csr",
      "the certificate request is not one for a P-256 key that its sender holds",
    );
  const agent = await identifyByKey(hub, key);
  checkInstance(agent, request);
  // The request itself differs at each try (a signature is random): what it asks is the key and the generation.
  const asked = { digest: digestOf(key), generation: request.generation };
  return idempotently(hub, agent, "renew", request.idempotencyKey, asked, async ({ tx, note }) => {
    const generation = agent.generation + 1;
    const now = hub.settings.now();
    const certificate = await makeClientCertificate(
      hub.authority.issuer,
      { id: agent.id, generation },
      key,
      now,
    );
    await tx.updateTable("agent").set({ generation, certificate }).where("id", "=", agent.id).execute();
    note(hubLog.agentRenewed, { agent: agent.id, generation });
    return { ...chain(hub, certificate), caBundle: caBundle(hub), generation };
  });
}
