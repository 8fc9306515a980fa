/**
 * Comes into each process of a run whose CAIRN_COVERAGE names a folder, with `--require`: writes there which parts of
 * the built packages the process ran, as V8 says it. A process that is killed writes nothing.
 */
const { writeFileSync } = process.getBuiltinModule("node:fs");
const { Session } = process.getBuiltinModule("node:inspector");
const { join } = process.getBuiltinModule("node:path");

const folder = process.env.CAIRN_COVERAGE;
const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });

process.on("exit", () => {
  session.post("Profiler.takePreciseCoverage", (error, taken) => {
    const result = (taken?.result ?? []).filter(({ url }) => /\/packages\/[^/]+\/dist\//.test(url));
    if (error || result.length === 0) return;
    try {
      writeFileSync(join(folder, `${process.pid}-${Date.now()}.json`), JSON.stringify({ result }));
    } catch {
      // another user's process, which may not write there
    }
  });
});
