import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";

const root = fileURLToPath(new URL("../../", import.meta.url));
const depcruise = join(root, "node_modules", ".bin", "depcruise");

/** Lays out files in a folder of their own and runs the project's import rules over them. */
function cruise(files: Record<string, string>): Promise<{ code: number; text: string }> {
  const house = mkdtempSync(join(tmpdir(), "cairn-walls-"));
  writeFileSync(join(house, "tsconfig.base.json"), "{}");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, name)), { recursive: true });
    writeFileSync(join(house, name), text);
  }
  const args = ["packages", "--config", join(root, ".dependency-cruiser.cjs")];
  return new Promise((resolve) => {
    execFile(depcruise, args, { cwd: house }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, text: stdout + stderr });
    });
  });
}

const hub = { "packages/hub/src/index.ts": "export const hub = 1;\n" };
const dials = 'import net from "node:net";\nexport const x = net;\n';

t.test("what breaks a wall turns the check red, by name and file", async (t) => {
  const { code, text } = await cruise({
    ...hub,
    "packages/keeper/src/asks-the-hub.ts":
      'import { hub } from "../../hub/src/index.js";\nexport const x = hub;\n',
    "packages/keeper/src/runs/dials.ts": dials,
    "packages/disclosure/src/reads.ts":
      'import { readFileSync } from "node:fs";\nexport const x = readFileSync;\n',
  });
  t.equal(code, 1);
  t.match(text, /keeper-imports: \S*asks-the-hub/, "a keeper that imports the hub");
  t.match(text, /keeper-never-network: \S*dials/, "a connection outside the keeper's three folders");
  t.match(text, /pure-rooms-never-the-world: \S*reads/, "a pure room that opens a file");
});

t.test("what keeps to the walls passes", async (t) => {
  const { code, text } = await cruise({
    ...hub,
    "packages/keeper/src/asks-nobody.ts": "export const x = 1;\n",
    "packages/keeper/src/link/dials.ts": dials,
  });
  t.equal(code, 0, text);
});

t.test("no package or folder is called common, shared, utils or helpers", async (t) => {
  const rooms = ["packages", "tests", "deploy", "proto"].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.parentPath.includes("node_modules"))
      .map((entry) => entry.name),
  );
  t.ok(rooms.length > 20);
  t.same(
    rooms.filter((name) => /^(common|shared|utils?|helpers?)$/.test(name)),
    [],
  );
});
