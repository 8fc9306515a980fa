/** Which agents know the next root. */
import { X509Certificate } from "node:crypto";
import type { Hub } from "../hub.js";

/**
 * The practices that would be left out without the older of two roots, by name: those whose agent has not spoken with a
 * certificate since the newer was made, with which it took that one in, and those that hold a join code.
 */
export async function leftOutWithout(hub: Hub): Promise<string[]> {
  const { db } = hub.store;
  const { validFrom } = new X509Certificate(hub.authority.newestRoot);
  const made = Date.parse(validFrom);
  const agents = await db
    .selectFrom("agent")
    .innerJoin("practice", "practice.id", "agent.practice")
    .select(["practice.name", "agent.certificate", "generation", "confirmed", "polled_at"])
    .where("agent.state", "!=", "revoked")
    .execute();
  const codes = await db
    .selectFrom("invitation")
    .innerJoin("practice", "practice.id", "invitation.practice")
    .select("practice.name")
    .where("agent", "is", null)
    .where("replaced_at", "is", null)
    .where("expires_at", ">", hub.settings.now())
    .execute();
  const unaware = agents.filter(({ certificate, generation, confirmed, polled_at: polledAt }) => {
    if (certificate === null || generation !== confirmed || polledAt === null) return true;
    return Date.parse(new X509Certificate(certificate).validFrom) <= made; // both are backdated alike
  });
  return [...new Set([...unaware, ...codes].map(({ name }) => name))].sort((a, b) => (a < b ? -1 : 1));
}
