/**
 * Builds every package: compiles it, and copies into it what it carries beside its own files, so that each is whole
 * when it is packed: the license, and the protocol into wire. Then the command is bundled. It comes before every run of the tests, which test what
 * is built. The tests themselves have their types taken away in one go, into `dist/` of the checkout, where `lean.cjs`
 * finds them: a compiler, or a loader, in the process of each was half of what a small test took.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundle } from "./bundle.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const SOURCE = /^(packages\/[^/]+)\/src\//;
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
// What npm installed for one package alone is found from where its tests run.
for (const room of readdirSync(`${ROOT}packages`)) {
  const [own, seen] = [`packages/${room}/node_modules`, `dist/packages/${room}/node_modules`];
  if (!existsSync(ROOT + own) || existsSync(ROOT + seen)) continue;
  mkdirSync(ROOT + posix.dirname(seen), { recursive: true });
  symlinkSync(posix.relative(posix.dirname(seen), own), ROOT + seen);
}
const rules = statSync(fileURLToPath(import.meta.url)).mtimeMs; // what an earlier build.mjs made is made anew
await Promise.all(
  tests.map(async (file) => {
    const out = `dist/${file.replace(/ts$/, "js")}`;
    const newest = Math.max(rules, statSync(ROOT + file).mtimeMs);
    if (statSync(ROOT + out, { throwIfNoEntry: false })?.mtimeMs > newest) return;
    const own = JSON.stringify(posix.relative(posix.dirname(out), file));
    await build({
      entryPoints: [ROOT + file],
      outfile: ROOT + out,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      sourcemap: "inline",
      logLevel: "warning",
      // A test finds its files beside its own text, wherever it was made.
      define: { "import.meta.url": "fileOfTest", "import.meta.dirname": "folderOfTest" },
      banner: {
        js: `const fileOfTest = new URL(${own}, import.meta.url).href, folderOfTest = process.getBuiltinModule("node:url").fileURLToPath(new URL(".", fileOfTest)).slice(0, -1);`,
      },
      plugins: [
        {
          name: "what is built",
          setup: (made) => made.onResolve({ filter: /./ }, (at) => isBuilt(at, file, out)),
        },
      ],
    });
  }),
);

/**
 * Where the test that is made at `out` finds what its text imports: a package's `src` is what was built from it, so that
 * there is one of each module; TypeScript beside it is made as the test is; all else stays where it is.
 */
function isBuilt({ path, kind }, file, out) {
  if (kind === "entry-point") return null;
  if (!path.startsWith(".")) return { path, external: true };
  const target = posix.join(posix.dirname(file), path);
  const typed = existsSync(ROOT + target.replace(/\.js$/, ".ts"));
  const found = SOURCE.test(target) ? target.replace(SOURCE, "$1/dist/") : typed ? `dist/${target}` : target;
  return { path: `./${posix.relative(posix.dirname(out), found)}`, external: true };
}
