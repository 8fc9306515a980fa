/** Identifies the caller and checks that it is still admitted, at each call, since TLS itself knows no revocation. */
import { X509Certificate } from "node:crypto";
import { WireRefusal } from "@cairn/wire";
import type { Hub } from "../hub.js";
import type { AgentRow } from "../store/tables.js";
import { agentOf } from "../keys/certificates.js";
import { digestOf, revoked } from "./enrol.js";

/** Most bytes of a certificate. Ours are some 500; TLS passes on whatever a stranger shows. */
const MOST_CERTIFICATE_BYTES = 4096;

/**
 * The admitted agent behind a client certificate.
 *
 * Its key is the one that it enrolled with, and no certificate changes that: who has the issuer's key can sign what they
 * like, and speak for no agent.
 *
 * A copied agent (two machines, one key) is told by the generation counter: each renewal adds one, and once
 * a certificate of a generation has spoken, an older one is the copy. Only the copy is turned away.
 * @param peer the client's certificate, DER.
 * @throws WireRefusal not-enrolled, certificate-expired, awaiting-admission, revoked, cloned
 */
export async function identify(hub: Hub, peer: Buffer | null): Promise<AgentRow> {
  if (!peer) {
    throw new WireRefusal(
      "not-enrolled",
      "no valid certificate was shown: enrol first, or renew one that has expired",
    );
  }
  if (peer.length > MOST_CERTIFICATE_BYTES) throw notEnrolled();
  const certificate = new X509Certificate(peer);
  const shown = agentOf(certificate.subjectAltName);
  const signer = hub.authority.signerOf(certificate);
  if (!shown || signer === "unknown") throw notEnrolled();
  if (signer === "replaced") {
    throw new WireRefusal(
      "certificate-expired",
      "the hub has replaced what signed this certificate: renew it with the enrolled key",
    );
  }
  if (Date.parse(certificate.validTo) < hub.settings.now()) {
    throw new WireRefusal(
      "certificate-expired",
      "the certificate has expired: renew it with the enrolled key",
    );
  }
  const agent = await mayTakePart(hub, "id", shown.id);
  const key = certificate.publicKey.export({ type: "spki", format: "der" });
  if (!key.equals(agent.courier_key)) throw notEnrolled();
  if (shown.generation < agent.confirmed) throw cloned();
  return shown.generation === agent.confirmed ? agent : confirm(hub, agent, shown.generation);
}

/** The admitted agent that enrolled with this public key. @throws as `identify` */
export async function identifyByKey(hub: Hub, key: Uint8Array): Promise<AgentRow> {
  return mayTakePart(hub, "key_digest", digestOf(key));
}

/** Checks the instance and generation that an agent states in a call. @throws WireRefusal cloned */
export function checkInstance(agent: AgentRow, said: { instance: string; generation: number }): void {
  if (said.instance !== agent.instance || said.generation < agent.confirmed) throw cloned();
}

function cloned(): WireRefusal {
  return new WireRefusal(
    "cloned",
    "another installation uses this agent's key and is ahead of this one: stop this copy, or ask the hub for a new join code",
  );
}

async function mayTakePart(hub: Hub, by: "id" | "key_digest", value: string): Promise<AgentRow> {
  const agent = await hub.store.db.selectFrom("agent").selectAll().where(by, "=", value).executeTakeFirst();
  if (!agent) throw notEnrolled();
  if (agent.state === "revoked") throw revoked();
  if (agent.state === "enrolled") {
    throw new WireRefusal("awaiting-admission", "someone at the hub has to compare the fingerprint first");
  }
  return agent;
}

/**
 * Confirms a newer generation. One that is ahead of our own count was issued before this hub was restored from a
 * backup.
 */
async function confirm(hub: Hub, agent: AgentRow, generation: number): Promise<AgentRow> {
  return hub.store.change(async ({ tx, concerns }) => {
    concerns([agent.practice]);
    return tx
      .updateTable("agent")
      .set({ confirmed: generation, generation: Math.max(generation, agent.generation) })
      .where("id", "=", agent.id)
      .returningAll()
      .executeTakeFirstOrThrow();
  });
}

function notEnrolled(): WireRefusal {
  return new WireRefusal("not-enrolled", "this hub knows no agent with this key: enrol with a join code");
}
