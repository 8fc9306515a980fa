/** The witnesses that countersign this hub's log: a policy that people sign with the library, so no hub names its own. */
import { createPublicKey } from "node:crypto";
import { asksNobodyElse, readPolicy, vkeyOf, type NoteKey, type Policy } from "@cairn/audit-log";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";

/** The target of the library that holds the policy (C2SP tlog-policy). */
export const WITNESS_POLICY = "witness-policy";

/** The policy in force; null where the library has none. @throws HubError policy-wrong */
export async function policyInForce(hub: Hub): Promise<Policy | null> {
  const row = await hub.store.db
    .selectFrom("library_file")
    .select("bytes")
    .where("role", "=", "target")
    .where("name", "like", `%.${WITNESS_POLICY}`)
    .executeTakeFirst();
  return row ? readOwnPolicy(hub, row.bytes.toString("utf8")) : null;
}

/** The key of the present log, as a policy and a witness are given it. */
export function logVkey(hub: Hub): string {
  return vkeyOf(logSigner(hub), "log");
}

/** The public key of the present log, under its origin. */
export function logSigner({ files, store }: Hub): NoteKey {
  return { name: store.log.origin, key: createPublicKey(files.logKey) };
}

/** Reads a policy, which has to name this hub's log and ask others to sign it. @throws HubError policy-wrong */
export function readOwnPolicy(hub: Hub, text: string): Policy {
  const read = readPolicy(text);
  if (!read.ok) throw new HubError("policy-wrong", `the witness policy cannot be read: ${read.problem}`);
  const problem = asksNobodyElse(read.policy);
  if (problem !== null)
    throw new HubError(
      "policy-wrong",
      `the witness policy does not count: ${problem}. Sign one whose quorum is a witness, or a group of them, with keys of their own`,
    );
  const own = logVkey(hub);
  if (read.policy.logs.some((log) => vkeyOf(log, "log") === own)) return read.policy;
  throw new HubError(
    "policy-wrong",
    `the witness policy does not name this hub's log: add the line  log ${own}`,
  );
}
