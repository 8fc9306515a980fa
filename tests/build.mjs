/**
 * Builds every package: compiles it, and copies into it what it carries beside its own files, so that each is whole
 * when it is packed: the license, and the protocol into wire. It comes before every run of the tests, which test what
 * is built.
 */
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
for (const room of readdirSync(`${ROOT}packages`))
  cpSync(`${ROOT}LICENSE`, `${ROOT}packages/${room}/LICENSE`);
cpSync(`${ROOT}proto`, `${ROOT}packages/wire/proto`, { recursive: true });

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const built = spawnSync(process.execPath, [tsc, "-b", "tsconfig.build.json"], {
  cwd: ROOT,
  stdio: "inherit",
});
process.exit(built.status ?? 1);
