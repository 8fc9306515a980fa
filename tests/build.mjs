/**
 * Builds every package: compiles it, and copies into it what it carries beside its own files, so that each is whole
 * when it is packed: the license, and the protocol into wire. Then the command is bundled. It comes before every run of the tests, which test what
 * is built. The tests themselves have their types taken away in one go, into `dist/` of the checkout, where
 * `as-installed.mjs` finds them: a compiler in the process of each was half of what a small test took.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { bundle } from "./bundle.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
for (const room of readdirSync(`${ROOT}packages`))
  cpSync(`${ROOT}LICENSE`, `${ROOT}packages/${room}/LICENSE`);
cpSync(`${ROOT}proto`, `${ROOT}packages/wire/proto`, { recursive: true });

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const built = spawnSync(process.execPath, [tsc, "-b", "tsconfig.build.json"], {
  cwd: ROOT,
  stdio: "inherit",
});
if (built.status !== 0) process.exit(built.status ?? 1);
await bundle(`${ROOT}packages/cli`);

const rooms = readdirSync(`${ROOT}packages`).map((room) => `packages/${room}/test`);
const tests = ["tests", ...rooms]
  .filter((folder) => existsSync(ROOT + folder))
  .flatMap((folder) => readdirSync(ROOT + folder, { recursive: true }).map((file) => `${folder}/${file}`))
  .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"));
await Promise.all(
  tests.map(async (file) => {
    const out = `${ROOT}dist/${file.replace(/ts$/, "js")}`;
    if (statSync(out, { throwIfNoEntry: false })?.mtimeMs > statSync(ROOT + file).mtimeMs) return;
    const as = { loader: "ts", target: "node20", sourcefile: basename(file), sourcemap: "inline" };
    const { code } = await transform(readFileSync(ROOT + file), as);
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, code);
  }),
);
