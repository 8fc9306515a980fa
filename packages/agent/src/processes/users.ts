/** Finds the users of keeper and courier: two, where the system has them, so that the link cannot open records. */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, lchownSync, lstatSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { courierFolder } from "@cairn/courier/folder";
import { keeperFolder, KeeperError, socketFile } from "@cairn/keeper/practice";

export interface User {
  readonly uid: number;
  readonly gid: number;
}

interface Users {
  /** The keeper's user; null for the user who gave the command. */
  readonly keeper: User | null;
  readonly courier: User | null;
}

/** The user that deploy/ makes for the courier. */
const COURIER = "cairn-courier";

/**
 * Finds the users, and a folder that fits them: the keeper's half stays its owner's alone, the courier's becomes the
 * courier's, and the socket is for both.
 * @param data the agent's folder, absolute.
 * @param asked `--courier-user`; without it `cairn-courier`, where root gave the command and such a user can reach
 * the folder.
 * @throws KeeperError user-wrong: there is no such user, or only root may start a process as another
 */
export function usersFor(data: string, asked: string | undefined): Users {
  const isRoot = process.getuid?.() === 0;
  const courier = userNamed(asked ?? COURIER);
  if (asked !== undefined && courier === null)
    throw new KeeperError(
      "user-wrong",
      `there is no user ${asked} on this machine: make one, or name another`,
    );
  if (!isRoot) {
    if (courier === null || asked === undefined || courier.uid === process.getuid?.())
      return { keeper: null, courier: null };
    throw new KeeperError(
      "user-wrong",
      `only root can start the courier as ${asked}: give the command with sudo, or leave --courier-user out`,
    );
  }
  const { uid, gid } = statSync(keeperFolder(data));
  const keeper = uid === 0 ? null : { uid, gid };
  if (courier === null) return { keeper, courier: keeper };
  if (asked === undefined && (courier.uid === uid || !reaches(data, courier)))
    return { keeper, courier: keeper };
  if (courier.uid === uid)
    throw new KeeperError(
      "user-wrong",
      `the keeper's folder belongs to ${asked}, too: choose another --courier-user, or change its owner`,
    );
  if (!reaches(data, courier))
    throw new KeeperError(
      "user-wrong",
      `${asked} cannot reach ${data}: a folder above it is shut to other users; put the agent's folder elsewhere, such as /var/lib/cairn`,
    );
  share(data, uid, courier);
  return { keeper, courier };
}

/** The command that goes on as a user: what is started with it, the namespace, is made while still root. */
export function asUser({ uid, gid }: User): string[] {
  return ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--"];
}

/** The user of a name; null where there is none. */
function userNamed(name: string): User | null {
  const id = (which: string): number | null => {
    const { status, stdout } = spawnSync("id", [which, "--", name], { encoding: "utf8" });
    return status === 0 ? Number(stdout) : null;
  };
  const [uid, gid] = [id("-u"), id("-g")];
  return uid === null || gid === null ? null : { uid, gid };
}

function share(data: string, keeper: number, courier: User): void {
  chmodSync(keeperFolder(data), 0o700);
  chmodSync(data, (statSync(data).mode & 0o777) | 0o011); // may be passed through, and not listed
  const link = courierFolder(data);
  mkdirSync(link, { recursive: true, mode: 0o700 });
  if (isOwnFolder(link)) {
    for (const name of readdirSync(link)) lchownSync(join(link, name), courier.uid, courier.gid);
    lchownSync(link, courier.uid, courier.gid);
    chmodSync(link, 0o700);
  }
  const run = dirname(socketFile(data));
  mkdirSync(run, { recursive: true });
  if (isOwnFolder(run)) {
    chownSync(run, keeper, courier.gid);
    chmodSync(run, 0o2750); // what the keeper makes in there is for the courier's group
  }
}

/** No link that leads elsewhere: root changes nothing that the folder only points to. */
function isOwnFolder(path: string): boolean {
  return lstatSync(path).isDirectory();
}

/** Tried as the courier: any folder above may be shut to it. */
function reaches(data: string, courier: User): boolean {
  return spawnSync("test", ["-x", dirname(data)], { ...courier, cwd: "/" }).status === 0;
}
