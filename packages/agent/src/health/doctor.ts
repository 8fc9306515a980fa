/** Examines an agent: what holds on this machine, what does not, and what was not looked at and why. */
import { existsSync, statfsSync, statSync } from "node:fs";
import { basename } from "node:path";
import {
  courierSpeaks,
  databaseFile,
  deskLines,
  desksHold,
  feedLines,
  feedProblems,
  hadRecords,
  hubLog,
  isThere,
  keyFile,
  KeeperStore,
  networkOfKeeperOn,
  optOutsLine,
} from "@cairn/keeper/practice";
import { CairnError } from "@cairn/errors";
import { recordsFile } from "@cairn/records/file";
import { emptyNamespace } from "../processes/isolation.js";
import { whyUnread } from "../folder/unread.js";
import { certificate, hubChecks, linkCheck, type Check } from "./doctor-link.js";
import { layoutOf, type Layout, type LayoutFlags } from "../folder/layout.js";
import { isLocal, mountOf } from "./mounts.js";
import { runningWords, userOf } from "../processes/running.js";
import { statusOf, waitingWords, type Status } from "./status.js";

const FREE_MB = 500;

export type { Check };

/** Makes every check, in the order in which a person reads them. @throws KeeperError no-access */
export async function examine(flags: LayoutFlags): Promise<Check[]> {
  const layout = layoutOf(flags);
  const keeperThere = isThere(keyFile(layout.keeper)); // said once where this user may not look, and not at each check
  const status = keeperThere ? statusIn(layout) : "there is no keeper here";
  return [
    namespace(),
    agentRuns(layout, status),
    await runningKeeper(layout),
    otherDesks(status),
    twoUsers(layout),
    ...modes(layout),
    records(layout),
    optOuts(status),
    feed(status),
    ...disks(layout),
    certificate(layout),
    ...(await hubChecks(layout)),
    hubsLog(layout),
    linkCheck(layout, status),
    decisions(status),
  ];
}

/** The status, or why it cannot be read. */
function statusIn(layout: Layout): Status | string {
  try {
    return statusOf(layout);
  } catch (error) {
    return ownWords(error);
  }
}

/** The words of an error that has some for people. @throws any other */
function ownWords(error: unknown): string {
  if (!(error instanceof CairnError)) throw error;
  return error.message;
}

function agentRuns(layout: Layout, status: Status | string): Check {
  const check = "keeper and courier run";
  if (typeof status === "string") return { check, holds: null, words: status };
  const { keeper, courier } = status.running;
  const now = Date.now();
  const speaks = courierSpeaks(status.courierSpokeAt, now) || null; // one that cannot be seen is known by what it says
  const words = runningWords(status.running, { ...status, layout, now });
  return { check, holds: keeper && (courier ?? speaks), words };
}

/** The decisions that wait for a person. */
function decisions(status: Status | string): Check {
  const check = "decisions for someone here";
  if (typeof status === "string") return { check, holds: null, words: status };
  const [first, ...more] = waitingWords(status);
  if (first === undefined) return { check, holds: true, words: "no group, query or release waits" };
  const rest = more.length === 0 ? "" : ` (and ${more.length} more: cairn agent status)`;
  return { check, holds: false, isTask: true, words: `${first}${rest}` };
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

async function runningKeeper({ socket }: Layout): Promise<Check> {
  const check = "the keeper that runs now";
  const network = await networkOfKeeperOn(socket);
  if (network === null) return { check, holds: null, words: `none answers on ${socket}` };
  const isolated = network === "isolated";
  const words = isolated
    ? "it cannot reach any network"
    : "it could reach a network: start it with cairn agent start";
  return { check, holds: isolated, words };
}

/** The practice's pages at its other desks: whether they are open, where, with which certificate, and who is not let in. */
function otherDesks(status: Status | string): Check {
  const check = "the pages at other desks";
  if (typeof status === "string") return { check, holds: null, words: status };
  const { desks, running } = status;
  if (!running.keeper) return { check, holds: null, words: "the keeper does not run" };
  if (desks === null)
    return { check, holds: null, words: "not open: the practice's own pages are on this machine alone" };
  const now = Date.now();
  return { check, holds: desksHold(desks, now), words: deskLines(desks, now).join("; ") };
}

/** Checks that two users own the halves: of the processes that run now; of the folders where none do. */
function twoUsers(layout: Layout): Check {
  const check = "keeper and courier as two users";
  const keeper = userOf("keeper", layout.data) ?? ownerOf(layout.keeper);
  const courier = userOf("courier", layout.courierData) ?? ownerOf(layout.courier);
  if (keeper === null || courier === null)
    return { check, holds: null, words: "one of the two has no folder here that this user may see" };
  if (keeper !== courier) return { check, holds: true, words: "the courier's user can open no record" };
  const words =
    "the courier runs as the same user as the keeper and could open the records: start the agent as root with --courier-user NAME, or install the two units of deploy/agent";
  return { check, holds: false, words };
}

function ownerOf(path: string): number | null {
  try {
    return statSync(path, { throwIfNoEntry: false })?.uid ?? null;
  } catch {
    return null; // not for this user to see
  }
}

/** Checks that the record store is there; no record is read. */
function records({ keeper }: Layout): Check {
  try {
    return recordsIn(keeper);
  } catch (error) {
    return { check: "records", holds: false, words: ownWords(error) };
  }
}

function recordsIn(folder: string): Check {
  const check = "records";
  if (!isThere(keyFile(folder))) return { check, holds: null, words: "there is no keeper here" };
  const had = hadRecords(folder);
  if (!had && !existsSync(recordsFile(folder)))
    return { check, holds: null, words: "none were taken in yet" };
  const { size } = statSync(recordsFile(folder), { throwIfNoEntry: false }) ?? { size: 0 };
  if (size > 0) return { check, holds: true, words: "their store is there" };
  const words = `${recordsFile(folder)} is missing or empty, and this practice had records: restore it from a backup`;
  return { check, holds: false, words };
}

/** Whether people with a type 1 opt-out are in what leaves: the practice's own choice, so it always holds. */
function optOuts(status: Status | string): Check {
  const check = "people with a type 1 opt-out";
  if (typeof status === "string") return { check, holds: null, words: status };
  return { check, holds: true, words: optOutsLine(status) };
}

/** Checks that extracts come, where a watch takes them. */
function feed(status: Status | string): Check {
  const check = "extracts come each night";
  if (typeof status === "string") return { check, holds: null, words: status };
  if (status.feed === null)
    return { check, holds: null, words: "nothing takes them by itself here (cairn agent watch)" };
  const problems = feedProblems(status.feed, Date.now());
  if (problems.length > 0) return { check, holds: false, words: problems.join("; ") };
  return { check, holds: true, words: feedLines(status.feed, Date.now()).join("; ") };
}

function modes({ keeper, courier }: Layout): Check[] {
  const files: readonly [string, string][] = [
    ["the records' folder", keeper],
    ["the practice's key", keyFile(keeper)],
    ["the keeper's database", databaseFile(keeper)],
    ["the courier's key", `${courier}/key.pem`],
  ];
  return files.map(([check, path]) => {
    const unread = path.startsWith(courier) ? whyUnread(courier) : null;
    if (unread !== null) return { check, holds: null, words: unread };
    if (!existsSync(path)) return { check, holds: null, words: `${path} is not there` };
    const mode = statSync(path).mode & 0o777;
    const holds = (mode & 0o077) === 0;
    return {
      check,
      holds,
      words: holds ? "only its owner can read it" : `others can read ${path}: chmod go-rwx it`,
    };
  });
}

/** Checks each folder of the agent: how much is free, and whether it is on a disk of this machine. */
function disks({ data, courierData, keeper, courier }: Layout): Check[] {
  return [
    ...[...new Set([data, courierData])].map(space),
    onThisMachine("the keeper's folder on a disk of this machine", keeper),
    onThisMachine("the courier's folder on a disk of this machine", courier),
  ];
}

function space(folder: string, _at: number, all: readonly string[]): Check {
  const check = all.length === 1 ? "disk space" : `disk space of ${basename(folder)}`;
  if (!existsSync(folder))
    return {
      check,
      holds: false,
      words: `${folder} is not there: say --data FOLDER if it is elsewhere; else make one with cairn agent init`,
    };
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1024 ** 2);
  return { check, holds: free >= FREE_MB, words: `${free} MB are free; ${FREE_MB} are needed` };
}

function onThisMachine(check: string, folder: string): Check {
  const unread = whyUnread(folder);
  if (unread !== null) return { check, holds: null, words: unread };
  const mount = mountOf(folder);
  if (mount === null)
    return { check, holds: null, words: "this system does not say what kind of disk it is on" };
  const holds = isLocal(mount);
  if (holds === true) return { check, holds, words: `it is on ${mount.type}` };
  const on = `${folder} is on ${mount.type} (${mount.source})`;
  const move =
    "move it to a disk of this machine: its databases can be damaged where two see them over a network";
  if (holds === false) return { check, holds, words: `${on}, which goes over a network: ${move}` };
  return { check, holds, words: `${on}: whether that goes over a network is not known` };
}

/** Checks that the hub's log is one that this practice can countersign. */
function hubsLog({ keeper }: Layout): Check {
  const check = "the hub's log";
  if (!existsSync(keyFile(keeper))) return { check, holds: null, words: "there is no keeper here" };
  try {
    const store = KeeperStore.open(keeper);
    try {
      const { state, words } = hubLog(store);
      return { check, holds: state === "none" ? null : state === "countersigned", words };
    } finally {
      store.close();
    }
  } catch (error) {
    return { check, holds: false, words: ownWords(error) };
  }
}
