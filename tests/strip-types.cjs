/**
 * Comes into the process of each test before all else: keeps the test runner from loading the TypeScript compiler there,
 * which takes a second and more of CPU for each of 200 files. `as-installed.mjs` has tsx strip the types instead.
 */
process.env.TAP_TYPE_STRIP_ONLY = "1"; // the runner's own word for that, where Node itself can strip them
