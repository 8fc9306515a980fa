/** The signers' folder: what was published last, and what waits for signatures. Plain files, for a shared drive or git. */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Metadata, Root, TargetFile, Targets } from "@tufjs/models";
import { writeWhole } from "@cairn/files";
import { LibraryError } from "./library-error.js";
import { parseRoot, parseTargets } from "./metadata.js";
import { targetFile } from "./update.js";

/** Files of one half of the folder (`published`, `next`), with its newest metadata. */
export interface LibraryFiles {
  readonly files: ReadonlyMap<string, Uint8Array>; // by name, with `/`
  readonly root: Metadata<Root> | null;
  readonly targets: Metadata<Targets> | null;
  /** Delegated roles by name: `acceptances-<body>`. */
  readonly bodies: ReadonlyMap<string, Metadata<Targets>>;
}

export interface LibraryFolder {
  readonly path: string;
  readonly published: LibraryFiles;
  /** What has a higher version than what was published; the rest is left behind by a command that was ended. */
  readonly next: LibraryFiles;
}

type Side = "published" | "next";

const METADATA = /^(\d+)\.(root|targets|acceptances-[a-z0-9-]+)\.json$/;

/** Asks as a read does: `existsSync` knows no leave to read what belongs to others, such as backups have. */
const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** @throws LibraryError folder-wrong where there is no library's folder */
export function readFolder(path: string): LibraryFolder {
  if (!isThere(join(path, "published")) && !isThere(join(path, "next")))
    throw new LibraryError(
      "folder-wrong",
      `${path} is not the folder of a library: say --dir FOLDER if it is elsewhere; else make one with cairn library init`,
    );
  const published = readHalf(path, "published", () => 0);
  const versions: Record<string, number | undefined> = {
    root: published.root?.signed.version,
    targets: published.targets?.signed.version,
  };
  for (const [role, { signed }] of published.bodies) versions[role] = signed.version;
  return { path, published, next: readHalf(path, "next", (role) => versions[role] ?? 0) };
}

function readHalf(path: string, side: Side, after: (role: string) => number): LibraryFiles {
  const files = readFiles(join(path, side));
  const newest = new Map<string, { version: number; bytes: Uint8Array }>();
  for (const [name, bytes] of files) {
    const [, version, role] = METADATA.exec(name) ?? [];
    if (!role || Number(version) <= Math.max(after(role), newest.get(role)?.version ?? 0)) continue;
    newest.set(role, { version: Number(version), bytes });
  }
  const targetsOf = (role: string): Metadata<Targets> => parseTargets(newest.get(role)!.bytes);
  const bodies = [...newest.keys()].filter((role) => role.startsWith("acceptances-"));
  return {
    files,
    root: newest.has("root") ? parseRoot(newest.get("root")!.bytes) : null,
    targets: newest.has("targets") ? targetsOf("targets") : null,
    bodies: new Map(bodies.map((role) => [role, targetsOf(role)])),
  };
}

function readFiles(folder: string): Map<string, Uint8Array> {
  if (!isThere(folder)) return new Map();
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/^\.|\.part$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length + 1).replaceAll("\\", "/"), readFileSync(file)]),
  );
}

/** The root that will hold once what waits is published. @throws LibraryError folder-wrong */
export function rootOf({ path, published, next }: LibraryFolder): Metadata<Root> {
  const root = next.root ?? published.root;
  if (!root) throw new LibraryError("folder-wrong", `${path} holds no root: cairn library init makes one`);
  return root;
}

/** The targets that will hold once what waits is published; null where there was never a library. */
export function targetsOf({ published, next }: LibraryFolder): Metadata<Targets> | null {
  return next.targets ?? published.targets;
}

/** Whether metadata of a role waits for signatures. @param role root, targets, acceptances-<body> */
export function isWaiting({ next }: LibraryFolder, role: string): boolean {
  return role === "root" || role === "targets" ? next[role] !== null : next.bodies.has(role);
}

/** The roles of bodies that will hold once what waits is published. */
export function bodyRolesOf(folder: LibraryFolder): Map<string, Metadata<Targets>> {
  const names = Object.keys(targetsOf(folder)?.signed.delegations?.roles ?? {});
  const all = new Map([...folder.published.bodies, ...folder.next.bodies]);
  return new Map(names.flatMap((name) => (all.has(name) ? [[name, all.get(name)!]] : [])));
}

/**
 * The bytes of each target that metadata names.
 * @throws LibraryError folder-wrong where one is missing, or is not what the metadata says
 */
export function bytesOf(
  { path, published, next }: LibraryFolder,
  targets: Metadata<Targets> | null,
): Map<string, Uint8Array> {
  return new Map(
    Object.values(targets?.signed.targets ?? {}).map((info) => {
      const name = targetFile(info.path, info.hashes["sha256"] ?? "");
      const bytes = [next, published]
        .map(({ files }) => files.get(name))
        .find((each) => each && isOf(info, each));
      if (bytes) return [info.path, bytes];
      throw new LibraryError(
        "folder-wrong",
        `${path} lacks ${name}, or it is not what is to be signed: add it again (cairn library add)`,
      );
    }),
  );
}

function isOf({ length, hashes }: TargetFile, bytes: Uint8Array): boolean {
  return bytes.length === length && createHash("sha256").update(bytes).digest("hex") === hashes["sha256"];
}

/**
 * Writes files in the order given, each whole. Whoever may read the folder may read them.
 * @throws LibraryError disk-full
 */
export function writeFiles(
  folder: string,
  side: Side | "keys",
  files: ReadonlyMap<string, Uint8Array>,
): void {
  for (const [name, bytes] of files) {
    const path = join(folder, side, name);
    mkdirSync(dirname(path), { recursive: true });
    const mode = statSync(dirname(path)).mode & 0o666;
    writeWhole(path, Buffer.from(bytes).toString("utf8"), {
      diskFull: (words, cause) => new LibraryError("disk-full", words, { cause }),
      beforeNaming: (part) => chmodSync(part, mode),
    });
  }
}

/** Removes the files of a half that are not kept. */
export function prune(folder: string, side: Side, isKept: (name: string) => boolean): void {
  for (const name of readFiles(join(folder, side)).keys())
    if (!isKept(name)) rmSync(join(folder, side, name), { force: true });
}

/** Removes what waits. */
export function clearNext(folder: string): void {
  rmSync(join(folder, "next"), { recursive: true, force: true });
}
