/** A command loads what it uses, and no more: what it imports before it is given is read from what is built. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import t from "tap";

const PACKAGES = fileURLToPath(new URL("../../", import.meta.url));
/** Imports and exports from elsewhere; those by `import(...)` come later, if at all. */
const STATIC = /^(?:import|export)\b[^"';]*?["']([^"']+)["'];?$/gm;

function fileOf(specifier: string, from: string): string | null {
  if (specifier.startsWith(".")) return fileURLToPath(new URL(specifier, `file://${from}`));
  const [, name = "", path = ""] = /^@cairn\/([^/]+)(\/.*)?$/.exec(specifier) ?? [];
  const manifest = `${PACKAGES}${name}/package.json`;
  if (name === "" || !existsSync(manifest)) return null;
  const { exports } = JSON.parse(readFileSync(manifest, "utf8")) as {
    readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  };
  const found = exports[`.${path}`];
  if (found === undefined) throw new Error(`${from} imports ${specifier}, which is not exported`);
  return `${PACKAGES}${name}/${typeof found === "string" ? found : found.default}`;
}

/** The packages, of ours, out of which a module of the built command line loads anything at all. */
function packagesOf(module: string): Set<string> {
  const files = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(STATIC)) {
      const next = fileOf(specifier, file);
      if (next !== null) visit(next);
    }
  };
  visit(`${PACKAGES}cli/dist/${module}`);
  return new Set([...files].map((file) => file.slice(PACKAGES.length).split("/")[0]!));
}

t.test("to read a practice's command takes no records, no engine and no hub", (t) => {
  for (const command of [
    "main",
    "commands/agent",
    "commands/import",
    "commands/query-run",
    "commands/worklist",
  ]) {
    const loaded = packagesOf(`${command}.js`);
    for (const heavy of ["keeper", "records", "engine", "disclosure", "hub", "courier"])
      t.notOk(loaded.has(heavy), `${command} loads ${heavy}`);
  }
  t.end();
});

t.test("agent status takes no hub, and nothing that writes queries or reads extracts", (t) => {
  const loaded = packagesOf("agent/status.js");
  t.ok(loaded.has("keeper") && loaded.has("records"), "imports are followed");
  for (const heavy of ["hub", "authoring", "importers", "demo"]) t.notOk(loaded.has(heavy), heavy);
  t.end();
});
