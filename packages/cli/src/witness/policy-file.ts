import { readFileSync } from "node:fs";
import { readPolicy, type Policy } from "@cairn/audit-log";
import { WitnessError } from "./errors.js";

/** Reads a witness policy from its file. @throws WitnessError policy-wrong; what Node throws of the file */
export function policyIn(path: string): Policy {
  const read = readPolicy(readFileSync(path, "utf8"));
  if (read.ok) return read.policy;
  throw new WitnessError("policy-wrong", `${path} is not a witness policy: ${read.problem}`);
}
