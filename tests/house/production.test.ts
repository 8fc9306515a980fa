/** What an installed cairn carries: what `@cairn/cli` depends on, and nothing that only a checkout uses. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import t from "tap";
import { cairn, CAIRN } from "@cairn/testkit";

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
  const seen = new Set<string>();
  const waiting = ["packages/cli"];
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

t.test("an installed cairn carries no test kit and nothing that runs TypeScript", async (t) => {
  const names = [...carried()];
  t.ok(names.includes("packages/keeper") && names.includes("node_modules/better-sqlite3"), "the walk walks");
  for (const only of [
    "packages/testkit",
    "node_modules/tsx",
    "node_modules/esbuild",
    "node_modules/typescript",
  ])
    t.notOk(names.includes(only), only);
  const root = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { dependencies: object };
  t.same(Object.keys(root.dependencies), ["@cairn/cli"]);
  const container = readFileSync(join(ROOT, "deploy/container/Dockerfile"), "utf8");
  t.match(container, /rm -rf packages\/testkit node_modules\/@cairn\/testkit/, "nor does the image");
});

t.test(
  "everything from a registry is held to a hash, and what is native is compiled from that source",
  async (t) => {
    for (const [place, { link, integrity }] of Object.entries(locked))
      if (place.startsWith("node_modules/") && !link) t.match(integrity, /^sha512-/, place);
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

t.test("the demo says where it is to be run when the test kit is not there", async (t) => {
  const hooks = join(t.testdir(), "absent.mjs");
  const register = `import { register } from "node:module"; register(${JSON.stringify(pathToFileURL(hooks).href)});`;
  writeFileSync(
    hooks,
    `export function resolve(name, context, next) {
      return next(name === "@cairn/testkit" ? "@cairn/not-installed" : name, context);
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
    /^cairn: the demo is not installed with this cairn: run it from a checkout, npm ci && npm start\n$/,
  );
  const { code: other } = await cairn(["synth", "--help"], { through });
  t.equal(other, 0, "every other command works without it");
});
