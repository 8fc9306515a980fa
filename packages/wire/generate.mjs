// Writes src/generated from proto/cairn/v1. `npm run check` runs it with --check: stale output fails.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const target = join(here, "src", "generated");
const fresh = mkdtempSync(join(tmpdir(), "cairn-generated-"));
const tool = join(root, "node_modules", ".bin", "proto-loader-gen-types");
execFileSync(
  tool,
  [
    "--longs=Number",
    "--enums=String",
    "--defaults",
    "--oneofs",
    "--bytes=Buffer",
    "--grpcLib=@grpc/grpc-js",
    "--targetFileExtension=.ts",
    "--importFileExtension=.js",
    `--includeDirs=${join(root, "proto")}`,
    `--outDir=${fresh}`,
    "cairn/v1/hub.proto",
    "cairn/v1/keeper.proto",
    "cairn/v1/release.proto",
  ],
  { stdio: ["ignore", "ignore", "inherit"] },
);

for (const name of files(fresh)) {
  // the tool writes absolute paths into its first line
  const path = join(fresh, name);
  writeFileSync(path, readFileSync(path, "utf8").replaceAll(`${root}/`, ""));
}

function files(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => relative(dir, join(e.parentPath, e.name)))
    .sort();
}
if (process.argv.includes("--check")) {
  const stale =
    JSON.stringify(files(fresh)) !== JSON.stringify(files(target)) ||
    files(fresh).some((f) => readFileSync(join(fresh, f), "utf8") !== readFileSync(join(target, f), "utf8"));
  rmSync(fresh, { recursive: true });
  if (stale) {
    console.error("packages/wire/src/generated is out of date: run npm run generate");
    process.exit(1);
  }
} else {
  rmSync(target, { recursive: true, force: true });
  cpSync(fresh, target, { recursive: true });
  rmSync(fresh, { recursive: true });
}
