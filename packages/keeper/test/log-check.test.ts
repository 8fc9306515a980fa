/** The process that checks the practice's log, where it breaks off or does not end. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { verdictFromChild } from "../src/log-check/check.js";

/** A process in the place of the check, which does this. */
function child(t: Test, does: string): URL {
  return pathToFileURL(join(t.testdir({ "child.mjs": does }), "child.mjs"));
}

t.test("a check that crashes ends without a verdict", async (t) => {
  const crashes = child(t, "process.exit(3);");
  await t.rejects(verdictFromChild("", { child: crashes }), { message: "the check of the log ended with 3" });
  const missing = new URL("gone.mjs", crashes);
  await t.rejects(verdictFromChild("", { child: missing }), { message: "the check of the log ended with 1" });
});

t.test("a check that does not end is ended", { timeout: 60_000 }, async (t) => {
  const hangs = child(
    t,
    `import { writeFileSync } from "node:fs";
     process.on("SIGTERM", () => undefined);
     setInterval(() => writeFileSync(process.argv[2] + "/alive", ""), 50);`,
  );
  const folder = t.testdirName;
  await t.rejects(verdictFromChild(folder, { child: hangs, endedAfter: 3_000 }), {
    message: "the check of the log ended with SIGKILL",
  });
  t.ok(existsSync(join(folder, "alive")), "it ran until then");
  rmSync(join(folder, "alive"));
  await pause(300);
  t.notOk(existsSync(join(folder, "alive")), "and runs no more");
});

t.test("a verdict is taken as it is sent", async (t) => {
  const sends = child(t, 'process.send({ holds: false, problem: "x" }, () => process.disconnect());');
  t.same(await verdictFromChild("", { child: sends }), { holds: false, problem: "x" });
});
