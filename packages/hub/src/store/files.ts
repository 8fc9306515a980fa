/**
 * A hub's folder:
 *
 *   hub.db                     everything that happens
 *   keys/root.*                the CA's root: its key is to be moved off this machine after `init`
 *   keys/issuer.*              the online CA, until keys/authority.json takes its place (`../keys/authority.ts`)
 *   keys/server.*              what the gRPC server shows
 *   keys/library.key           signs which library is the newest, not the library (Ed25519)
 *   keys/log.key               signs checkpoints and receipts (Ed25519)
 *   backed-up                  when it was last backed up
 *   pages-at                   where people reached its pages when they were last served
 *   lock.db                    held by the process that serves this hub
 *   hub.json                   origin and hosts; hub.json.new while the hub is being made
 */
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  X509Certificate,
  type KeyObject,
} from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { renameDurably, writeWhole } from "@cairn/files";
import { holdLock, type Database } from "@cairn/sqlite";
import {
  makeIssuer,
  makeRoot,
  makeServerCertificate,
  DAY_MS,
  type CertifiedKey,
} from "../keys/certificates.js";
import { HubError } from "../errors.js";
import { checkHost } from "./host.js";

export interface HubFiles {
  readonly folder: string;
  readonly database: string;
  readonly origin: string;
  readonly hosts: readonly string[];
  readonly server: CertifiedKey;
  readonly libraryKey: KeyObject;
  readonly logKey: KeyObject;
}

const MANIFEST = "hub.json";
const UNFINISHED = "hub.json.new";

/** Time in ms to wait for the lock, longer than `isServed` holds it. */
const LOOKED_AT_MS = 1_000;

/**
 * Keys and certificates of a new hub. `finishFiles` makes it one, once its database is there; interrupted before that,
 * it can be begun again.
 * @param hosts names or addresses by which agents reach this hub.
 * @throws HubError host-wrong, exists, no-access
 */
export async function makeFiles(folder: string, hosts: readonly string[], now: number): Promise<HubFiles> {
  for (const host of hosts) checkHost(host);
  assertMayLook(folder);
  if (existsSync(join(folder, "keeper")) || existsSync(join(folder, "courier"))) {
    throw new HubError(
      "exists",
      `${folder} holds a practice's agent: give the hub a folder of its own (--data)`,
    );
  }
  const interrupted = !existsSync(join(folder, MANIFEST)) && existsSync(join(folder, UNFINISHED));
  const left = [MANIFEST, "hub.db", "keys/root.crt"].find((name) => existsSync(join(folder, name)));
  if (left !== undefined && !interrupted) {
    throw new HubError(
      "exists",
      `${folder} already holds ${left} of a hub: choose another folder, or serve this one`,
    );
  }
  mkdirSync(join(folder, "keys"), { recursive: true, mode: 0o700 });
  const origin = `cairn-hub/${hosts[0] ?? "localhost"}`;
  writeSafely(join(folder, UNFINISHED), `${JSON.stringify({ origin, hosts }, null, 2)}\n`);
  for (const end of ["", "-wal", "-shm"]) rmSync(join(folder, `hub.db${end}`), { force: true });
  const root = await makeRoot(origin, now);
  const issuer = await makeIssuer(root, origin, now);
  const server = await makeServerCertificate(issuer, hosts, now);
  for (const [name, pair] of Object.entries({ root, issuer, server })) writePair(folder, name, pair);
  for (const name of ["library", "log"]) writeSafely(join(folder, "keys", `${name}.key`), newEd25519());
  return filesOf(folder, UNFINISHED);
}

/** Finishes a folder: one with hub.json is a whole hub. */
export function finishFiles(folder: string): void {
  renameDurably(join(folder, UNFINISHED), join(folder, MANIFEST));
}

/** Reads a hub's files. @throws HubError no-hub, no-access, incomplete */
export function readFiles(folder: string): HubFiles {
  assertMayLook(folder);
  if (!existsSync(join(folder, MANIFEST))) throw noHub(folder);
  return filesOf(folder, MANIFEST);
}

/** Checks that this user may look into the folder. @throws HubError no-access */
function assertMayLook(folder: string): void {
  try {
    statSync(join(folder, MANIFEST), { throwIfNoEntry: false });
  } catch (cause) {
    if (isForbidden(cause)) throw noAccess(folder, cause);
    // any other is named by whoever reads the folder
  }
}

function isForbidden(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EACCES" || code === "EPERM";
}

function noAccess(path: string, cause: unknown): HubError {
  const words = `${path} may not be read by the user ${userInfo().username}: give the command as its owner, or as root`;
  return new HubError("no-access", words, { cause });
}

/** The error where there is no manifest: no hub, one that was half made, or one that has lost it. */
function noHub(folder: string): HubError {
  if (existsSync(join(folder, UNFINISHED)))
    return new HubError("no-hub", `cairn hub init was interrupted in ${folder}: give it again`);
  if (!existsSync(join(folder, "hub.db")) && !existsSync(join(folder, "keys/root.crt")))
    return new HubError(
      "no-hub",
      `${folder} holds no hub: say --data FOLDER if it is elsewhere; else make one with cairn hub init`,
    );
  return new HubError("incomplete", `${folder}/hub.json is missing: put it back from a backup of this hub`);
}

/** The files of a folder. @throws HubError incomplete, no-access */
function filesOf(folder: string, manifest: string): HubFiles {
  try {
    const { origin, hosts } = JSON.parse(read(folder, manifest)) as { origin: string; hosts: string[] };
    return {
      folder,
      database: join(folder, "hub.db"),
      origin,
      hosts,
      server: readPair(folder, "server"),
      libraryKey: createPrivateKey(read(folder, "keys/library.key")),
      logKey: createPrivateKey(read(folder, "keys/log.key")),
    };
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

/** The error of a file of the folder that cannot be read. */
export function unreadable(folder: string, cause: unknown): HubError {
  const path = (cause as NodeJS.ErrnoException).path ?? folder;
  if (isForbidden(cause)) return noAccess(path, cause);
  const words = `${path} cannot be read: restore the hub's folder from a backup`;
  return new HubError("incomplete", words, { cause });
}

/**
 * The server's certificate, made anew when it has less than 30 days left, the issuer that signed it was replaced, or it is
 * not one of its key: the two are two files, and a machine may stop between them.
 * @param held the one that was read or made last.
 * @throws HubError disk-full
 */
export async function freshServerCertificate(
  files: HubFiles,
  issuer: CertifiedKey,
  held: CertifiedKey,
  now: number,
): Promise<CertifiedKey> {
  const certificate = new X509Certificate(held.certificate);
  const lasts = Date.parse(certificate.validTo) - now > 30 * DAY_MS;
  const isSigned = certificate.verify(new X509Certificate(issuer.certificate).publicKey);
  if (lasts && isSigned && certificate.checkPrivateKey(createPrivateKey(held.key))) return held;
  const server = await makeServerCertificate(issuer, files.hosts, now);
  writePair(files.folder, "server", server);
  return server;
}

/**
 * Locks the folder for the process that serves it: two would open each schedule twice.
 * @throws HubError running; SqliteError
 */
export function lockFolder({ folder }: HubFiles): Database {
  const lock = holdLock(join(folder, "lock.db"), LOOKED_AT_MS);
  if (lock !== null) return lock;
  throw new HubError("running", `the hub of ${folder} runs already: stop that one first, or leave it to run`);
}

/** Whether a process serves the folder now. @throws SqliteError */
export function isServed({ folder }: HubFiles): boolean {
  const path = join(folder, "lock.db");
  if (!existsSync(path)) return false; // made by whoever serves, so that it is theirs
  const lock = holdLock(path);
  lock?.close();
  return lock === null;
}

/** The digest that a join code pins: SHA-256 of the root's certificate (DER). */
export function caDigest(rootCertificate: string): Buffer {
  return createHash("sha256").update(new X509Certificate(rootCertificate).raw).digest();
}

/** Every file of the folder but the database, for a backup. Those that not every hub has may be missing. */
export const KEY_FILES = [
  "hub.json",
  ...["root", "issuer", "server"].flatMap((name) => [`keys/${name}.crt`, `keys/${name}.key`]),
  "keys/authority.json",
  "keys/library.key",
  "keys/log.key",
];

/** Writes a file whole or not at all, readable by its owner only. @throws HubError disk-full */
export function writeSafely(path: string, text: string): void {
  writeWhole(path, text, { diskFull: (words, cause) => new HubError("disk-full", words, { cause }) });
}

function writePair(folder: string, name: string, pair: CertifiedKey): void {
  writeSafely(join(folder, "keys", `${name}.key`), pair.key);
  writeSafely(join(folder, "keys", `${name}.crt`), pair.certificate);
}

function readPair(folder: string, name: string): CertifiedKey {
  return { certificate: read(folder, `keys/${name}.crt`), key: read(folder, `keys/${name}.key`) };
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

function newEd25519(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
