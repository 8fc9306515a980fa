/**
 * Installs what a practice's machine needs, or a hub's, out of this checkout into a new or empty folder:
 *
 *     node deploy/install.mjs agent|hub FOLDER
 *
 * `deploy/agent/package.json` and `deploy/hub/package.json` say which packages. Ours go through `npm pack`, so no source
 * and no test comes along. What they need of others is copied from node_modules, where `npm ci` held it to
 * package-lock.json and compiled what is native: nothing is fetched. The command is FOLDER/node_modules/.bin/cairn, with
 * what this side has of it bundled.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../tests/bundle.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const read = (...path) => JSON.parse(readFileSync(join(ROOT, ...path), "utf8"));
const locked = read("package-lock.json").packages;

/** What compiles better-sqlite3 at `npm ci`, and is not needed once it is compiled. */
const STAND_IN = "deploy/no-prebuilt";

/** Where a package finds another, as Node looks for it: in its own folder, then in each one above; null where nowhere. */
function found(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    const place = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (locked[place]) return locked[place].link ? locked[place].resolved : place;
    if (folder === "") return null;
  }
}

/** Every package that these need, by its folder in the checkout. */
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
    }
  }
  return [...places].sort();
}

/** Copies a package of others, with its commands linked: npm takes one without them for broken, and fetches it anew. */
function copy(place) {
  const [from, to] = [join(ROOT, place), join(folder, installed(place))];
  cpSync(from, to, { recursive: true, filter: (path) => path === from || basename(path) !== "node_modules" });
  const commands = join(to.slice(0, to.lastIndexOf("node_modules/")), "node_modules", ".bin");
  for (const [name, path] of Object.entries(locked[place].bin ?? {})) {
    mkdirSync(commands, { recursive: true });
    symlinkSync(relative(commands, join(to, path)), join(commands, name));
  }
}

/** `packages/hub/node_modules/x` is `node_modules/@cairn/hub/node_modules/x` in the folder. */
const installed = (place) =>
  place.replace(
    /^packages\/([^/]+)/,
    (_all, room) => `node_modules/${read("packages", room, "package.json").name}`,
  );

function npm(folder, ...args) {
  const { status, stdout, stderr } = spawnSync("npm", [...args, "--prefix", folder], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status === 0) return stdout;
  process.stderr.write(`npm ${args[0]} ended with ${status}: ${stderr}\n`);
  process.exit(4);
}

const [side, target] = process.argv.slice(2);
if (!["agent", "hub"].includes(side) || target === undefined) {
  process.stderr.write("node deploy/install.mjs agent|hub FOLDER\n");
  process.exit(2);
}
const folder = resolve(target);
mkdirSync(folder, { recursive: true });
if (readdirSync(folder).length > 0) {
  process.stderr.write(`${folder} is not empty: name a new folder\n`);
  process.exit(2);
}

const manifest = read("deploy", side, "package.json");
const places = closure(Object.keys(manifest.dependencies));
const ours = places.filter((place) => place.startsWith("packages/") && !place.includes("/node_modules/"));
for (const place of places.filter((each) => !ours.includes(each))) copy(place);
const tarballs = join(folder, "packages");
mkdirSync(tarballs);
const packed = JSON.parse(
  npm(
    ROOT,
    "pack",
    "--json",
    "--ignore-scripts",
    "--pack-destination",
    tarballs,
    ...ours.flatMap((each) => ["-w", each]),
  ),
);
const dependencies = Object.fromEntries(
  packed.map(({ name, version }) => [
    name,
    `file:packages/${name.replace("@", "").replace("/", "-")}-${version}.tgz`,
  ]),
);
writeFileSync(join(folder, "package.json"), `${JSON.stringify({ ...manifest, dependencies }, null, 2)}\n`);
npm(folder, "install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier");
await bundle(join(folder, "node_modules/@cairn/cli"));
