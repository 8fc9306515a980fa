/** Comes before every run of the tests, which test what is built: they must not test what was built before a change. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
process.exit(
  spawnSync(process.execPath, [tsc, "-b", "tsconfig.build.json"], { stdio: "inherit" }).status ?? 1,
);
