/**
 * Comes into the process of each test before the test: what is tested is what is built, as a practice and a hub have
 * it. The tests themselves run from what `build.mjs` made of them: a compiler in the process of each is most of what a
 * small test takes. And a process that a test starts is started without the test runner's tracer, which more
 * than doubles the time that a command takes and is there to measure coverage: where CAIRN_COVERAGE names a folder, each
 * process measures what it runs of the packages by itself.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire, register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import processOnSpawn from "process-on-spawn";

const ROOT = new URL("../", import.meta.url).href;
const SOURCE = /^(packages\/[^/]+)\/src\//;
const MEASURE = fileURLToPath(new URL("coverage/measure.cjs", import.meta.url));
const measured = Boolean(process.env.CAIRN_COVERAGE);

if (isMainThread) {
  register(import.meta.url); // `resolve` and `load`, below, work in a thread of its own
  process.execArgv = []; // what is forked would inherit the loaders
  if (measured) createRequire(import.meta.url)(MEASURE);
  processOnSpawn.addListener((child) => {
    const { NODE_OPTIONS = "", ...env } = child.env;
    const options = NODE_OPTIONS.replace(/"?--import=\S*@tapjs\S*/g, "").trim();
    const own = measured ? `${options} --require="${MEASURE}"`.trim() : options;
    child.env = own ? { ...env, NODE_OPTIONS: own } : env;
  });
}

/**
 * A module that a test takes from a package's `src` is the one that was built from it: there is one of each. One that it
 * takes from beside it is TypeScript.
 */
export function resolve(specifier, context, next) {
  if (!specifier.startsWith(".") || !isTest(context.parentURL)) return next(specifier, context);
  const { href } = new URL(specifier, context.parentURL);
  const path = href.slice(ROOT.length);
  if (SOURCE.test(path)) return next(ROOT + path.replace(SOURCE, "$1/dist/"), context);
  const typed = href.replace(/\.js$/, ".ts");
  return next(existsSync(new URL(typed)) ? typed : href, context);
}

/** A test's module, as `build.mjs` made it. @throws ENOENT where it is not built */
export function load(url, context, next) {
  if (!isTest(url)) return next(url, context);
  const built = new URL(`dist/${url.slice(ROOT.length).replace(/ts$/, "js")}`, ROOT);
  return { format: "module", source: readFileSync(built), shortCircuit: true };
}

function isTest(url) {
  return url?.startsWith(ROOT) && url.endsWith(".ts");
}
