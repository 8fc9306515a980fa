import { readPolicy } from "@cairn/audit-log";
import { crossCheck, type Account, type ExportedLog } from "@cairn/ledger";
import { signatureChecks } from "@cairn/wire";
import type { Federation } from "./federation.js";

/** Exports the hub's log and every practice's, as an officer would be handed them, and holds them against each other. */
export async function verifyAll(federation: Federation): Promise<Account> {
  const hub = exported("the hub", await federation.mustHub("hub", "export"));
  const practices = await Promise.all(
    federation.practices.map(async (practice) =>
      exported(practice.spec.name, await practice.must("agent", "log", "--json")),
    ),
  );
  const policy = federation.policy === null ? null : readPolicy(federation.policy);
  return crossCheck(hub, practices, signatureChecks, policy?.ok ? policy.policy : null);
}

function exported(name: string, text: string): ExportedLog {
  return { name, lines: text.split("\n").filter((line) => line !== "") };
}
