/**
 * Commands that read records run where there is no network: they start themselves again in an empty network
 * namespace, so that nothing they load could send a record anywhere even if it tried.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";

/** Marks the process that was started again; a title, because it needs neither an argument nor the environment. */
const MARK = "--title=cairn-without-network";

/**
 * Runs `action` without a network: here, if this process has none, else in this same command started again in
 * an empty namespace, whose output, signals and exit code are this one's. Where the system cannot, it says so to
 * `note` and runs `action` here.
 * @param again starts this command again behind another, with a mark of ours @returns its exit code
 */
export async function inEmptyNetwork(
  action: () => Promise<void>,
  note: (words: string) => void,
  again: (prefix: readonly string[], options: { readonly mark: string }) => Promise<number>,
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
  process.exitCode = await again(command, { mark: MARK });
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
