/** Who countersigns this hub's log: a policy that lies in its folder. */
import { createPublicKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPolicy, vkeyOf, type NoteKey, type Policy } from "@cairn/audit-log";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import { writeSafely } from "../store/files.js";

const POLICY = "witness-policy";

/** The policy's text; null where the hub has none. */
export function witnessPolicy({ files }: Hub): string | null {
  const path = join(files.folder, POLICY);
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

/** The policy that is in force; null where there is none. @throws HubError policy-wrong */
export function policyInForce(hub: Hub): Policy | null {
  const text = witnessPolicy(hub);
  return text === null ? null : readOwnPolicy(hub, text);
}

/** Puts a policy in force. @throws HubError policy-wrong, disk-full */
export function setWitnessPolicy(hub: Hub, text: string): Policy {
  const policy = readOwnPolicy(hub, text);
  writeSafely(join(hub.files.folder, POLICY), text);
  return policy;
}

/** The key of the present log, as a policy and a witness are given it. */
export function logVkey(hub: Hub): string {
  return vkeyOf(logSigner(hub), "log");
}

/** The public key of the present log, under its origin. */
export function logSigner({ files, store }: Hub): NoteKey {
  return { name: store.log.origin, key: createPublicKey(files.logKey) };
}

function readOwnPolicy(hub: Hub, text: string): Policy {
  const read = readPolicy(text);
  if (!read.ok) throw new HubError("policy-wrong", `the witness policy cannot be read: ${read.problem}`);
  const own = logVkey(hub);
  if (read.policy.logs.some((log) => vkeyOf(log, "log") === own)) return read.policy;
  throw new HubError(
    "policy-wrong",
    `the witness policy does not name this hub's log: add the line  log ${own}`,
  );
}
