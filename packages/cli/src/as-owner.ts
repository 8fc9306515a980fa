/**
 * A command that root gives about the folder of another user goes on as that user, so that what it makes there belongs to
 * whose folder it is, and what it reads is not read with all of root's power. It may still read what root may read: an
 * extract in root's home, say. The practice's half goes on without a network, too.
 */
import { statSync, type Stats } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { CommanderError, type Command } from "commander";
import { again, works } from "./again.js";
import { GIVEN_BY } from "./config.js";

/** These look at both halves, write elsewhere, or take care of users by themselves. */
const AS_ROOT: Readonly<Record<string, readonly string[]>> = {
  agent: ["start", "keeper", "courier", "enrol", "setup", "status", "doctor", "backup", "restore"],
  hub: ["backup", "setup"],
  library: ["publish"],
};

/**
 * Starts the command again as the owner of its folder, where root gave it and the folder is another's.
 * @throws CommanderError with code 0 where that was done: `process.exitCode` is set, and there is nothing left to do
 */
export async function goOnAsOwner(command: Command): Promise<void> {
  const { data } = command.opts<{ data?: string }>();
  if (process.getuid?.() !== 0 || data === undefined) return;
  const keeper = statOf(join(data, "keeper"));
  const owner = keeper ?? statOf(data);
  if (!owner || owner.uid === 0) return;
  if (AS_ROOT[command.parent?.name() ?? ""]?.includes(command.name())) return;
  const as = wayTo(owner);
  const shut = ["unshare", "--net", "--"];
  const given = ["env", `${GIVEN_BY}=${userInfo().username}`];
  process.exitCode = await again([...(keeper && works(shut) ? shut : []), ...given, ...as]);
  throw new CommanderError(0, "cairn.again", "");
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** The command that goes on as a user: with leave to read everything, where root itself has that here. */
function wayTo({ uid, gid }: Stats): string[] {
  const as = ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
  const leave = (cap: string): string[] => [`--inh-caps=+${cap}`, `--ambient-caps=+${cap}`]; // setpriv(1)
  const ways = ["dac_read_search", "dac_override"].map((cap) => [...as, ...leave(cap), "--"]);
  return ways.find(works) ?? [...as, "--"];
}
