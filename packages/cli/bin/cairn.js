#!/usr/bin/env node
import { existsSync } from "node:fs";

const built = new URL("../dist/main.js", import.meta.url);
if (!existsSync(built)) {
  process.stderr.write("cairn is not built yet: run `npm run build` in its folder (npm ci does it too)\n");
  process.exit(4);
}
await import(built.href);
