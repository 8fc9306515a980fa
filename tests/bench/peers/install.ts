/** The peers' packages, which no user of Cairn carries: installed here when the bench first asks for them. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const HERE = fileURLToPath(new URL("../", import.meta.url));

/** Loads a package of `tests/bench/package.json`; null, with what npm said, where it cannot be had. */
export async function peer<Package>(name: string, say: (words: string) => void): Promise<Package | null> {
  if (!existsSync(`${HERE}node_modules/${name}`)) {
    say(`installing ${name} for the bench alone`);
    // --no-save leaves the lockfile as it is, and passes over binaries that other platforms would want.
    const done = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", HERE], {
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    if (done.status !== 0) say(`${name} is not compared with: ${done.stderr.trim().split("\n").at(-1)}`);
  }
  try {
    const entry = createRequire(`${HERE}package.json`).resolve(name);
    return (await import(pathToFileURL(entry).href)) as Package;
  } catch {
    return null;
  }
}
