/**
 * Comes into the process of each test before the test: what is tested is what is built, as a practice and a hub have
 * it. Only the tests themselves are compiled as they run; compiling all that they use anew in each of them was most
 * of what the tests took. And a process that a test starts is started without the test runner's tracer, which more
 * than doubles the time that a command takes and is there to measure coverage: where CAIRN_COVERAGE names a folder, each
 * process measures what it runs of the packages by itself.
 */
import { createRequire, register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import processOnSpawn from "process-on-spawn";
import { register as registerTsx } from "tsx/esm/api";

const PACKAGES = new URL("../packages/", import.meta.url).href;
const MEASURE = fileURLToPath(new URL("coverage/measure.cjs", import.meta.url));
const measured = Boolean(process.env.CAIRN_COVERAGE);

if (isMainThread) {
  registerTsx(); // the tests themselves are TypeScript
  register(import.meta.url); // `resolve`, below, works in a thread of its own
  process.execArgv = []; // what is forked would inherit the loaders
  if (measured) createRequire(import.meta.url)(MEASURE);
  processOnSpawn.addListener((child) => {
    const { NODE_OPTIONS = "", ...env } = child.env;
    const options = NODE_OPTIONS.replace(/"?--import=\S*@tapjs\S*/g, "").trim();
    const own = measured ? `${options} --require="${MEASURE}"`.trim() : options;
    child.env = own ? { ...env, NODE_OPTIONS: own } : env;
  });
}

/** A module that a test takes from a package's `src` is the one that was built from it: there is one of each. */
export function resolve(specifier, context, next) {
  if (!specifier.startsWith(".") || !context.parentURL?.startsWith("file:")) return next(specifier, context);
  const { href } = new URL(specifier, context.parentURL);
  if (!href.startsWith(PACKAGES)) return next(specifier, context);
  return next(PACKAGES + href.slice(PACKAGES.length).replace(/^([^/]+)\/src\//, "$1/dist/"), context);
}
