/** cairn witness ...: an officer's program that countersigns the hub's log. */
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { Command } from "commander";
import { quorum, readVkey, type Checkpoint } from "@cairn/audit-log";
import { CairnError } from "@cairn/errors";
import { EXIT } from "../exit-codes.js";
import { say } from "../say.js";
import { WitnessError } from "../witness/errors.js";
import { initWitness, logsOfPolicy, WitnessFolder } from "../witness/folder.js";
import { policyIn } from "../witness/policy-file.js";
import { forward, round } from "../witness/round.js";

interface InitFlags {
  readonly dir: string;
  readonly name: string;
  readonly hubKey?: string;
  readonly policy?: string;
}

interface RunFlags {
  readonly hub: string;
  readonly dir: string;
  readonly once?: boolean;
  readonly every: string;
}

export function register(program: Command): void {
  const command = program
    .command("witness")
    .description("countersign the hub's log, so that it can tell everybody one history only");
  command
    .command("init")
    .description("make a witness: its key, and a folder for what it signed last")
    .requiredOption("--dir <dir>", "where to")
    .requiredOption("--name <name>", "of the witness, one word: officer.example.org/glen")
    .option("--hub-key <key>", "the key of the hub's log, from cairn hub witnesses")
    .option("--policy <file>", "the witness policy that names the log, instead")
    .action(init);
  command
    .command("run")
    .description("countersign the hub's checkpoints until it is interrupted")
    .requiredOption("--hub <address>", "of the hub's pages: https://...")
    .requiredOption("--dir <dir>", "the witness's folder")
    .option("--once", "one round, then end")
    .option("--every <minutes>", "between rounds", "10")
    .action(run);
  command
    .command("verify")
    .description("check whether a checkpoint has the signatures that a policy asks for; exit 1 where not")
    .requiredOption("--policy <file>", "the policy (C2SP tlog-policy)")
    .requiredOption("--checkpoint <file>", "the checkpoint with its signatures")
    .action(verify);
  command
    .command("forward")
    .description("have another witness (C2SP tlog-witness) countersign the hub's checkpoint, once")
    .requiredOption("--hub <address>", "of the hub's pages: https://...")
    .requiredOption("--to <address>", "the witness's submission prefix")
    .action(async ({ hub, to }: { hub: string; to: string }) => {
      say.result(roundWords(await forward(hub, to)));
    });
}

function verify({ policy, checkpoint }: { policy: string; checkpoint: string }): void {
  const verdict = quorum(policyIn(policy), readFileSync(checkpoint, "utf8"));
  if (verdict.ok) {
    const by = verdict.by.length > 0 ? verdict.by.join(", ") : "nobody, and nobody has to";
    return say.result(`${roundWords(verdict.checkpoint)} by ${by}`);
  }
  say.result(`This does not hold: ${verdict.words}`);
  process.exitCode = EXIT["does-not-hold"];
}

function init({ dir, name, hubKey, policy }: InitFlags): void {
  if ((hubKey === undefined) === (policy === undefined))
    throw new WitnessError("key-wrong", "give either --hub-key or --policy");
  if (hubKey !== undefined && !readVkey(hubKey, "log"))
    throw new WitnessError(
      "key-wrong",
      "this is not the key of a log: cairn hub witnesses prints it (name+id+key)",
    );
  const logs = policy === undefined ? [hubKey ?? ""] : logsOfPolicy(readFileSync(policy, "utf8"));
  const vkey = initWitness(dir, name, logs);
  say.result(vkey);
  say.note(
    `A witness is in ${dir}. The line above is its key: whoever writes the policy needs it. Keep ${dir} safe.`,
  );
}

async function run({ hub, dir, once, every }: RunFlags): Promise<void> {
  const minutes = Number(every);
  if (!(minutes >= 1 && minutes <= 1440))
    throw new WitnessError("key-wrong", "--every is from 1 to 1440 minutes");
  const folder = new WitnessFolder(dir);
  const sign = async (): Promise<void> => say.result(roundWords(await round(folder, hub, () => new Date())));
  try {
    if (once) return await sign();
    await untilStopped(minutes, sign);
  } finally {
    folder.close();
  }
}

/** Rounds until a signal. A hub that is not there is tried again; what has to be looked into ends it. */
async function untilStopped(minutes: number, sign: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => stop.abort());
  while (!stop.signal.aborted) {
    await sign().catch((error: unknown) => {
      if (!(error instanceof CairnError) || error.kind !== "unavailable") throw error;
      say.note(`cairn: ${error.message}`);
    });
    await setTimeout(minutes * 60_000, null, { signal: stop.signal }).catch(() => null); // stopped
  }
}

function roundWords({ origin, size }: Checkpoint): string {
  return `${origin}: ${size} entries countersigned`;
}
