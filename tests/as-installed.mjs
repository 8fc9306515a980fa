/**
 * Comes into the process of each test before the test: what is tested is what is built, as a practice and a hub have
 * it. The tests themselves run from what `build.mjs` made of them: a compiler in the process of each is most of what a
 * small test takes. And a process that a test starts is started without the test runner's tracer, which more
 * than doubles the time that a command takes and is there to measure coverage: where CAIRN_COVERAGE names a folder, each
 * process measures what it runs of the packages by itself.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { createRequire, register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import processOnSpawn from "process-on-spawn";

const ROOT = new URL("../", import.meta.url).href;
const SOURCE = /^(packages\/[^/]+)\/src\//;
const MEASURE = fileURLToPath(new URL("coverage/measure.cjs", import.meta.url));
const measured = Boolean(process.env.CAIRN_COVERAGE);
/** Where Linux keeps files in memory, and the bytes that have to be free there: tests beside one another take less. */
const MEMORY = "/dev/shm";
const ROOM = 4e9;

if (isMainThread) {
  register(import.meta.url); // `resolve` and `load`, below, work in a thread of its own
  process.execArgv = []; // what is forked would inherit the loaders
  if (!process.env.TMPDIR && isRoomy(MEMORY)) process.env.TMPDIR = inMemory();
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

/**
 * Makes the folder of a test's temporary files in memory, and takes it away at the test's end: a database waits for the
 * disk at each commit, which was a third of the time of many tests, and no test cuts the power.
 */
function inMemory() {
  const folder = mkdtempSync(`${MEMORY}/cairn-`);
  chmodSync(folder, 0o1777); // as /tmp: a test may start processes as another user
  process.on("exit", () => {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // a process that the test started still writes there
    }
  });
  return folder;
}

function isRoomy(folder) {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > ROOM;
}
