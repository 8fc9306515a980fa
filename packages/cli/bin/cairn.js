#!/usr/bin/env node
import { statSync } from "node:fs";

const built = ["../bundle/main.js", "../dist/main.js"].map((file) => new URL(file, import.meta.url));
const main = built.find((file) => statSync(file, { throwIfNoEntry: false })); // the bundle holds the same modules in fewer files
if (main === undefined) {
  process.stderr.write("cairn is not built yet: run `npm run build` in its folder (npm ci does it too)\n");
  process.exit(4);
}
await import(main.href);
