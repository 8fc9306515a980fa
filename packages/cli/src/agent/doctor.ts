/** `agent doctor`: what is enforced on this machine and what is not, plainly. */
import { existsSync, statfsSync, statSync } from "node:fs";
import {
  courierFolder,
  CourierError,
  findPinnedRoot,
  openRoute,
  readIdentity,
  readSettings,
  validityOf,
} from "@cairn/courier";
import {
  databaseFile,
  hubLog,
  keeperFolder,
  keyFile,
  KeeperStore,
  networkOfKeeperOn,
  socketFile,
} from "@cairn/keeper/practice";
import { emptyNamespace } from "../isolated.js";
import { say } from "../say.js";

interface Check {
  readonly check: string;
  readonly holds: boolean;
  readonly words: string;
}

const FREE_MB = 500;

/** Sets exit code 1 where something that is needed does not hold. */
export async function doctor(flags: { readonly data: string; readonly json?: boolean }): Promise<void> {
  const checks = [
    namespace(),
    await runningKeeper(flags.data),
    ...modes(flags.data),
    disk(flags.data),
    clock(flags.data),
    await hub(flags.data),
    hubsLog(flags.data),
  ];
  if (flags.json) say.json({ checks });
  else
    for (const { check, holds, words } of checks)
      say.result(`${holds ? "holds   " : "does not"}  ${check}: ${words}`);
  if (checks.some(({ holds }) => !holds)) process.exitCode = 1;
}

function namespace(): Check {
  const way = emptyNamespace();
  return {
    check: "a keeper without a network",
    holds: way !== null,
    words: way
      ? `this system can enforce it (${way.slice(0, -1).join(" ")})`
      : "this system cannot enforce it: nothing but our code keeps the keeper from the network",
  };
}

async function runningKeeper(data: string): Promise<Check> {
  const check = "the keeper that runs now";
  const network = await networkOfKeeperOn(socketFile(data));
  if (network === null) return { check, holds: true, words: "none runs" };
  const isolated = network === "isolated";
  const words = isolated
    ? "it cannot reach any network"
    : "it could reach a network: start it with cairn agent start";
  return { check, holds: isolated, words };
}

function modes(data: string): Check[] {
  const files: readonly [string, string][] = [
    ["the practice's key", keyFile(keeperFolder(data))],
    ["the keeper's database", databaseFile(keeperFolder(data))],
    ["the courier's key", `${courierFolder(data)}/key.pem`],
  ];
  return files
    .filter(([, path]) => existsSync(path))
    .map(([what, path]) => {
      const mode = statSync(path).mode & 0o777;
      const holds = (mode & 0o077) === 0;
      const words = holds ? "only its owner can read it" : `others can read ${path}: chmod 600 it`;
      return { check: what, holds, words };
    });
}

function disk(data: string): Check {
  const check = "disk space";
  if (!existsSync(data))
    return { check, holds: false, words: `${data} is not there: run cairn agent init first` };
  const { bavail, bsize } = statfsSync(data);
  const free = Math.floor((bavail * bsize) / 1024 ** 2);
  return { check, holds: free >= FREE_MB, words: `${free} MB are free; ${FREE_MB} are needed` };
}

/** Without asking anyone: the certificate was made for a time that includes now. */
function clock(data: string): Check {
  const check = "clock and certificate";
  try {
    const identity = readIdentity(courierFolder(data));
    if (!identity) return { check, holds: true, words: "no certificate yet" };
    const { from, to } = validityOf(identity);
    const until = new Date(to).toISOString();
    if (Date.now() < from)
      return { check, holds: false, words: "this clock is before the certificate begins: set it" };
    if (Date.now() < to) return { check, holds: true, words: `the certificate is valid until ${until}` };
    return {
      check,
      holds: false,
      words: `the certificate ended ${until}: check the clock; cairn agent start renews it`,
    };
  } catch (error) {
    return { check, holds: false, words: error instanceof Error ? error.message : "it cannot be read" };
  }
}

async function hub(data: string): Promise<Check> {
  const check = "the hub";
  const settings = readSettings(courierFolder(data));
  if (!settings) return { check, holds: true, words: "not enrolled yet" };
  const route = await openRoute(settings.hub, settings.proxy);
  try {
    await findPinnedRoot(route, Buffer.from(settings.caDigest, "hex"));
    return {
      check,
      holds: true,
      words: `${settings.hub} answers, and shows the CA that the join code named`,
    };
  } catch (error) {
    if (!(error instanceof CourierError)) throw error;
    return { check, holds: false, words: error.message };
  } finally {
    route.close();
  }
}

/** Whether the hub's log is one that this practice can countersign. */
function hubsLog(data: string): Check {
  const check = "the hub's log";
  if (!existsSync(keyFile(keeperFolder(data)))) return { check, holds: true, words: "no keeper here yet" };
  try {
    const store = KeeperStore.open(keeperFolder(data));
    try {
      const { state, words } = hubLog(store);
      return { check, holds: state === "none" || state === "countersigned", words };
    } finally {
      store.close();
    }
  } catch (error) {
    if (!(error instanceof Error) || !("exit" in error)) throw error; // one that has words for people
    return { check, holds: false, words: error.message };
  }
}
