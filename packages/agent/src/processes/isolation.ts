/**
 * Commands that read records run where there is no network: they start themselves again in an empty network
 * namespace, so that nothing they load could send a record anywhere even if it tried.
 */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants, networkInterfaces } from "node:os";

/** Marks the process that was started again; a title, because it needs neither an argument nor the environment. */
const MARK = "--title=cairn-without-network";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs `action` without a network: here, if this process has none, else in this same command started again in
 * an empty namespace, whose output, signals and exit code are this one's. Where the system cannot, it says so to
 * `note` and runs `action` here.
 */
export async function inEmptyNetwork(
  action: () => Promise<void>,
  note: (words: string) => void,
): Promise<void> {
  if (process.execArgv.includes(MARK)) {
    if (!hasNoNetwork()) note("cairn: the network namespace is not empty; this command runs with a network");
    return action();
  }
  if (hasNoNetwork()) return action();
  const command = emptyNamespace();
  if (command === null) {
    note("cairn: this system cannot give an empty network namespace; this command runs with a network");
    return action();
  }
  process.exitCode = await runAgain(command);
}

/** True in an empty namespace: no interface is up, and the kernel lists none but loopback and idle tunnels. */
function hasNoNetwork(): boolean {
  if (Object.values(networkInterfaces()).some((each) => each?.some((address) => !address.internal)))
    return false;
  try {
    const rows = readFileSync("/proc/self/net/dev", "utf8").split("\n").slice(2);
    const names = rows.map((row) => row.split(":")[0]!.trim()).filter((name) => name !== "");
    return names.every(
      (name) => name === "lo" || /^(sit|tunl|gre|gretap|erspan|ip_vti|ip6_vti|ip6tnl|ip6gre)0$/.test(name),
    );
  } catch {
    return false; // not Linux: nothing here can promise it
  }
}

/** The command that gives an empty namespace on this system, tried once; null where none does. */
export function emptyNamespace(): string[] | null {
  const ways = [
    ["unshare", "--net", "--"],
    ["unshare", "--user", "--map-current-user", "--net", "--"],
  ];
  const works = (way: string[]): boolean => {
    const [command, ...rest] = way as [string, ...string[]];
    return spawnSync(command, [...rest, "true"], { stdio: "ignore" }).status === 0;
  };
  return ways.find(works) ?? null;
}

function runAgain([command, ...rest]: string[]): Promise<number> {
  const self = [process.execPath, MARK, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn(command!, [...rest, ...self], { stdio: "inherit" });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      for (const each of SIGNALS) process.off(each, forward);
      // As a shell tells it: 128 and the signal's number.
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
