/** The courier's own folder: key, certificate, the hub's CA and settings. Each file is whole or not there. */
import { accessSync, chownSync, constants, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { writeWhole as writeFile } from "@cairn/files";
import { CourierError } from "../errors.js";

export interface Settings {
  readonly hub: string; // host:port
  readonly proxy: string | null; // http://user:password@host:port
  readonly instance: string; // random, made once for this installation
  readonly generation: number; // of the certificate
  readonly practice: string | null; // what the hub calls it; null before the first reply
  readonly joinCode: string | null; // until admitted
  readonly keeperKey: string; // hex, raw Ed25519
  readonly caDigest: string; // hex, SHA-256 of the hub's root certificate, as the join code pins it
  readonly renewal: string | null; // idempotency key of a renewal that is under way
}

/** Path of the courier's folder. @param data the agent's folder, `--data`. */
export function courierFolder(data: string): string {
  return join(data, "courier");
}

export const files = {
  key: (folder: string) => join(folder, "key.pem"),
  certificate: (folder: string) => join(folder, "certificate.pem"),
  ca: (folder: string) => join(folder, "ca.pem"),
  settings: (folder: string) => join(folder, "settings.json"),
  cells: (folder: string) => join(folder, "cells.json"),
  groups: (folder: string) => join(folder, "groups.json"),
} as const;

/** Reads the settings. @returns null before enrolment. @throws CourierError settings-unreadable */
export function readSettings(folder: string): Settings | null {
  const text = readIfThere(files.settings(folder));
  if (text === null) return null;
  try {
    const settings = JSON.parse(text) as Settings;
    for (const name of ["hub", "instance", "keeperKey", "caDigest"] as const)
      if (typeof settings[name] !== "string") throw new TypeError(`no ${name}`);
    return settings;
  } catch (cause) {
    throw new CourierError(
      "settings-unreadable",
      `${files.settings(folder)} is damaged: restore it from a backup, or enrol again`,
      { cause },
    );
  }
}

export function writeSettings(folder: string, settings: Settings): void {
  writeWhole(files.settings(folder), `${JSON.stringify(settings, null, 2)}\n`);
}

/** Writes another way to the same hub into the settings: nothing is enrolled again. A courier that runs takes it when it starts. */
export function changeRoute(folder: string, to: Pick<Settings, "hub" | "proxy">): void {
  const settings = readSettings(folder);
  if (settings !== null) writeSettings(folder, { ...settings, ...to });
}

/**
 * Checks that this user may look into the folder: without access it would read as one without an enrolment.
 * @throws CourierError no-access
 */
export function assertMayLook(folder: string): void {
  try {
    accessSync(files.settings(folder), constants.R_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM") return; // not there yet
    const words = `${folder} may not be read by the user ${userInfo().username}: give the command as its owner, or as root`;
    throw new CourierError("no-access", words, { cause });
  }
}

export function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

/**
 * Writes a file whole or not at all, readable by its owner only. Written by root into another's folder, it and the
 * folder made for it become that other's: `sudo cairn agent enrol` leaves files that the courier's own user can read.
 * @throws CourierError disk-full
 */
export function writeWhole(path: string, text: string): void {
  const folder = dirname(path);
  makeFolder(folder);
  writeFile(path, text, {
    diskFull: (words, cause) => new CourierError("disk-full", words, { cause }),
    beforeNaming: (part) => giveToOwnerOf(folder, part),
  });
}

/** Makes the courier's folder where it is not there, for the owner of the one that it is in. */
export function makeFolder(folder: string): void {
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined)
    giveToOwnerOf(dirname(folder), folder);
}

/** Gives what root made to the owner of a folder. */
export function giveToOwnerOf(folder: string, path: string): void {
  const owner = statSync(folder);
  if (process.getuid?.() === 0 && owner.uid !== 0) chownSync(path, owner.uid, owner.gid);
}
