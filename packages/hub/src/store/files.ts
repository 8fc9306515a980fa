/**
 * A hub's folder:
 *
 *   hub.db                     everything that happens
 *   keys/root.*                the CA's root: to be moved off this machine after `init`
 *   keys/issuer.*, server.*    online CA and what the gRPC server shows
 *   keys/library.key           signs the library (Ed25519)
 *   keys/log.key               signs checkpoints and receipts (Ed25519)
 *   hub.json                   origin and hosts
 */
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  X509Certificate,
  type KeyObject,
} from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { makeIssuer, makeRoot, makeServerCertificate, DAY_MS, type Held } from "../enrolment/certificates.js";
import { HubError } from "../errors.js";

export interface HubFiles {
  readonly folder: string;
  readonly database: string;
  readonly origin: string;
  readonly hosts: readonly string[];
  readonly rootCertificate: string;
  readonly issuer: Held;
  readonly server: Held;
  readonly libraryKey: KeyObject;
  readonly logKey: KeyObject;
}

/** @param hosts names or addresses by which agents reach this hub. @throws HubError exists */
export async function makeFiles(folder: string, hosts: readonly string[], now: number): Promise<void> {
  if (existsSync(join(folder, "hub.json")) || existsSync(join(folder, "hub.db"))) {
    throw new HubError("exists", `${folder} already holds a hub: choose another folder, or serve this one`);
  }
  mkdirSync(join(folder, "keys"), { recursive: true, mode: 0o700 });
  const origin = `cairn-hub/${hosts[0] ?? "localhost"}`;
  const root = await makeRoot(origin, now);
  const issuer = await makeIssuer(root, origin, now);
  const server = await makeServerCertificate(issuer, hosts, now);
  for (const [name, pair] of Object.entries({ root, issuer, server })) writePair(folder, name, pair);
  for (const name of ["library", "log"]) writeSafely(join(folder, "keys", `${name}.key`), newEd25519());
  // Last: a folder with hub.json is a whole hub.
  writeSafely(join(folder, "hub.json"), `${JSON.stringify({ origin, hosts }, null, 2)}\n`);
}

/** @throws HubError no-hub, incomplete */
export function readFiles(folder: string): HubFiles {
  if (!existsSync(join(folder, "hub.json"))) {
    throw new HubError("no-hub", `${folder} holds no hub: make one with cairn hub init --data ${folder}`);
  }
  try {
    const { origin, hosts } = JSON.parse(read(folder, "hub.json")) as { origin: string; hosts: string[] };
    return {
      folder,
      database: join(folder, "hub.db"),
      origin,
      hosts,
      rootCertificate: read(folder, "keys/root.crt"),
      issuer: readPair(folder, "issuer"),
      server: readPair(folder, "server"),
      libraryKey: createPrivateKey(read(folder, "keys/library.key")),
      logKey: createPrivateKey(read(folder, "keys/log.key")),
    };
  } catch (cause) {
    const path = (cause as NodeJS.ErrnoException).path ?? folder;
    throw new HubError("incomplete", `${path} cannot be read: restore the hub's folder from a backup`, {
      cause,
    });
  }
}

/** The server's certificate, made anew when it has less than 30 days left. */
export async function freshServerCertificate(files: HubFiles, now: number): Promise<Held> {
  const ends = Date.parse(new X509Certificate(files.server.certificate).validTo);
  if (ends - now > 30 * DAY_MS) return files.server;
  const server = await makeServerCertificate(files.issuer, files.hosts, now);
  writePair(files.folder, "server", server);
  return server;
}

/** What a join code pins: SHA-256 of the root's certificate (DER). */
export function caDigest(rootCertificate: string): Buffer {
  return createHash("sha256").update(new X509Certificate(rootCertificate).raw).digest();
}

/** Every file of the folder but the database, for a backup. */
export const KEY_FILES = [
  "hub.json",
  ...["root", "issuer", "server"].flatMap((name) => [`keys/${name}.crt`, `keys/${name}.key`]),
  "keys/library.key",
  "keys/log.key",
];

/** Whole or not at all, readable by its owner only. @throws HubError disk-full */
function writeSafely(path: string, text: string): void {
  const part = `${path}.part`;
  try {
    const file = openSync(part, "w", 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOSPC") throw cause;
    throw new HubError("disk-full", `${path} cannot be written: the disk is full; free some space`, {
      cause,
    });
  }
}

function writePair(folder: string, name: string, pair: Held): void {
  writeSafely(join(folder, "keys", `${name}.key`), pair.key);
  writeSafely(join(folder, "keys", `${name}.crt`), pair.certificate);
}

function readPair(folder: string, name: string): Held {
  return { certificate: read(folder, `keys/${name}.crt`), key: read(folder, `keys/${name}.key`) };
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

function newEd25519(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
