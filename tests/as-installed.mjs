/**
 * Comes into the process of each test before the test, which starts processes as a practice and a hub have them: without
 * the test runner's tracer, which more than doubles the time that a command takes and is there to measure coverage.
 * Where CAIRN_COVERAGE names a folder, each process measures what it runs of the packages by itself.
 */
import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import processOnSpawn from "process-on-spawn";

const MEASURE = fileURLToPath(new URL("coverage/measure.cjs", import.meta.url));
const measured = Boolean(process.env.CAIRN_COVERAGE);
/** Where Linux keeps files in memory, and the bytes that have to be free there: tests beside one another take less. */
const MEMORY = "/dev/shm";
const ROOM = 4e9;

if (isMainThread) {
  process.execArgv = []; // what is forked would inherit what the tests came with
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
