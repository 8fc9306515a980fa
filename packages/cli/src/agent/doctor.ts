/** `agent doctor`: what is enforced on this machine and what is not, plainly. */
import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import {
  courierFolder,
  CourierError,
  findPinnedRoot,
  openRoute,
  readIdentity,
  readLinkState,
  readSettings,
  validityOf,
} from "@cairn/courier";
import {
  databaseFile,
  hadRecords,
  hubLog,
  isThere,
  keeperFolder,
  keyFile,
  KeeperStore,
  networkOfKeeperOn,
  recordsFile,
  socketFile,
} from "@cairn/keeper/practice";
import { emptyNamespace } from "../isolated.js";
import { say } from "../say.js";

interface Check {
  readonly check: string;
  /** Null: it was not looked at, and the words say why. */
  readonly holds: boolean | null;
  readonly words: string;
}

const FREE_MB = 500;

/** Sets exit code 1 where something that is needed does not hold. @throws KeeperError no-access */
export async function doctor(flags: { readonly data: string; readonly json?: boolean }): Promise<void> {
  isThere(keyFile(keeperFolder(flags.data))); // said once where this user may not look, and not at each check
  const checks = [
    namespace(),
    await runningKeeper(flags.data),
    twoUsers(flags.data),
    ...modes(flags.data),
    records(flags.data),
    disk(flags.data),
    clock(flags.data),
    await hub(flags.data),
    hubsLog(flags.data),
    link(flags.data),
  ];
  if (flags.json) say.json({ checks });
  else
    for (const { check, holds, words } of checks)
      say.result(`${holds === null ? "not seen" : holds ? "holds   " : "does not"}  ${check}: ${words}`);
  if (checks.some(({ holds }) => holds === false)) process.exitCode = 1;
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
  if (network === null) return { check, holds: null, words: "none answers on this folder's socket" };
  const isolated = network === "isolated";
  const words = isolated
    ? "it cannot reach any network"
    : "it could reach a network: start it with cairn agent start";
  return { check, holds: isolated, words };
}

/** Of the processes that run now; of the folders' owners where none do. */
function twoUsers(data: string): Check {
  const check = "keeper and courier as two users";
  const keeper = userOf("keeper", data) ?? ownerOf(keeperFolder(data));
  const courier = userOf("courier", data) ?? ownerOf(courierFolder(data));
  if (keeper === null || courier === null)
    return { check, holds: null, words: "one of the two has no folder here" };
  if (keeper !== courier) return { check, holds: true, words: "the courier's user can open no record" };
  const words =
    "the courier runs as the same user as the keeper and could open the records: start the agent as root with --courier-user NAME, or install the two units of deploy/agent";
  return { check, holds: false, words };
}

/** The user of the process of this agent that runs; null where none is seen. */
function userOf(half: "keeper" | "courier", data: string): number | null {
  for (const pid of processes()) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      const at = words.indexOf("agent");
      const folder = words[words.indexOf("--data") + 1];
      if (at > 0 && words[at + 1] === half && folder !== undefined && resolve(folder) === resolve(data))
        return statSync(`/proc/${pid}`).uid;
    } catch {
      // it has just ended, or is hidden from this user
    }
  }
  return null;
}

function processes(): string[] {
  return existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
}

function ownerOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.uid ?? null;
}

/** Whether their store is there; no record is read. */
function records(data: string): Check {
  try {
    return recordsIn(data);
  } catch (error) {
    if (typeof (error as { exit?: unknown }).exit !== "number") throw error;
    return { check: "records", holds: false, words: (error as Error).message };
  }
}

function recordsIn(data: string): Check {
  const check = "records";
  const folder = keeperFolder(data);
  if (!isThere(keyFile(folder))) return { check, holds: null, words: "there is no keeper here" };
  const had = hadRecords(folder);
  if (!had && !existsSync(recordsFile(folder)))
    return { check, holds: null, words: "none were taken in yet" };
  const { size } = statSync(recordsFile(folder), { throwIfNoEntry: false }) ?? { size: 0 };
  if (size > 0) return { check, holds: true, words: "their store is there" };
  const words = `${recordsFile(folder)} is missing or empty, and this practice had records: restore it from a backup`;
  return { check, holds: false, words };
}

/** As the courier itself last found it. */
function link(data: string): Check {
  const check = "the link";
  const state = readLinkState(courierFolder(data));
  if (state === null) return { check, holds: null, words: "no courier has run in this folder" };
  const heard =
    state.heard === null ? "the hub has never answered" : `the hub last answered at ${state.heard}`;
  if (state.problem !== null) return { check, holds: false, words: `${heard}; ${state.problem}` };
  return { check, holds: true, words: heard };
}

function modes(data: string): Check[] {
  const files: readonly [string, string][] = [
    ["the records' folder", keeperFolder(data)],
    ["the practice's key", keyFile(keeperFolder(data))],
    ["the keeper's database", databaseFile(keeperFolder(data))],
    ["the courier's key", `${courierFolder(data)}/key.pem`],
  ];
  return files
    .filter(([, path]) => existsSync(path))
    .map(([what, path]) => {
      const mode = statSync(path).mode & 0o777;
      const holds = (mode & 0o077) === 0;
      const words = holds ? "only its owner can read it" : `others can read ${path}: chmod go-rwx it`;
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
    if (!identity) return { check, holds: null, words: "no certificate yet" };
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
  if (!settings) return { check, holds: null, words: "not enrolled yet" };
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
