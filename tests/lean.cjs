/**
 * Comes into the process of each test before all else. A test runs as `build.mjs` made it, from `dist/`, under its own
 * name; and what the test runner would load and no test uses is kept out: the TypeScript compiler, and the two loaders
 * that mock modules and list the files that were loaded. They took more than half of a second of CPU in each of some 300
 * processes, and a loader that found what is built took as much again.
 */
const nodeModule = process.getBuiltinModule("node:module");
const { relative, resolve } = process.getBuiltinModule("node:path");

process.env.TAP_TYPE_STRIP_ONLY = "1"; // the runner's own word for "no compiler", where Node itself can strip types

const { register } = nodeModule;
nodeModule.register = (specifier, ...rest) =>
  `${specifier}`.includes("/@tapjs/") ? undefined : register(specifier, ...rest);
nodeModule.syncBuiltinESMExports();

const root = resolve(__dirname, "..");
const { runMain } = nodeModule;
nodeModule.runMain = (main) => {
  const test = main?.endsWith(".ts") ? relative(root, main) : "..";
  return runMain(test.startsWith("..") ? main : resolve(root, "dist", test.replace(/ts$/, "js")));
};
