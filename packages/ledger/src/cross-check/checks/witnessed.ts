/** Checks that the witnesses of a policy countersigned the hub's log: the checkpoints that the hub keeps are held against it. */
import { quorum, type Policy } from "@cairn/audit-log";
import { plural, type Findings } from "../findings.js";
import type { HubSide } from "../sides.js";

/** Time in ms within which a quorum has to have signed what was written. */
const WITNESSED_WITHIN_MS = 7 * 86_400_000;

/**
 * Names checkpoints that bear a bad signature of a witness, a log of which no checkpoint has the quorum, and entries that
 * were written more than seven days before the export and stand under none. Of logs that are over nothing is asked.
 * @returns the size of the newest checkpoint with the quorum; 0 where there is none
 */
export function checkWitnessed(found: Findings, { name, logs, said }: HubSide, policy: Policy): number {
  const log = logs.at(-1);
  if (!log) return 0;
  let size = 0;
  const missing = new Map<number, string>();
  for (const note of said.cosigned) {
    const verdict = quorum(policy, note);
    if (verdict.ok && verdict.checkpoint.origin === log.origin)
      size = Math.max(size, verdict.checkpoint.size);
    if (!verdict.ok && verdict.why === "signature-bad")
      found.problem("witness-missing", name, `of a checkpoint that it keeps, ${verdict.words}`);
    if (!verdict.ok && verdict.why === "quorum-missing") missing.set(missing.size, verdict.words);
  }
  const signedAt = log.signedAt ?? Infinity;
  const late = log.entries.slice(size).filter(({ at }) => signedAt - at > WITNESSED_WITHIN_MS);
  const [first] = late;
  const why = size > 0 ? `the quorum signed its first ${size}` : ([...missing.values()][0] ?? WITHOUT);
  if (first)
    found.problem(
      "witness-missing",
      name,
      `${plural(late.length, "entry", "entries")} written more than seven days before this export stand under no checkpoint with the policy's quorum: ${why}`,
      { entry: first.position },
    );
  else if (size === 0 && policy.quorum !== null)
    found.problem("witness-missing", name, `no checkpoint that it keeps has the policy's quorum: ${why}`);
  else
    found.note(
      `The policy's quorum countersigned ${size} of the ${plural(log.size, "entry", "entries")} of the hub's log; those after are of the last seven days.`,
    );
  return size;
}

const WITHOUT = "it keeps none that a log of the policy signed and a witness was asked for";
