/**
 * Comes into the process of each test before all else, and keeps out of it what the test runner would load there and no
 * test uses: the TypeScript compiler (`build.mjs` takes types away), and the two loaders that mock modules and list the
 * files that were loaded. They took more than half of a second of CPU in each of some 300 processes.
 */
const nodeModule = process.getBuiltinModule("node:module");

process.env.TAP_TYPE_STRIP_ONLY = "1"; // the runner's own word for "no compiler", where Node itself can strip types

const { register } = nodeModule;
nodeModule.register = (specifier, ...rest) =>
  `${specifier}`.includes("/@tapjs/") ? undefined : register(specifier, ...rest);
nodeModule.syncBuiltinESMExports();
