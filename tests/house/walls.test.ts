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

t.test("a keeper that imports the hub turns the check red, by name", async (t) => {
  const planted = await cruise({
    ...hub,
    "packages/keeper/src/planted.ts":
      'import { hub } from "../../hub/src/index.js";\nexport const x = hub;\n',
  });
  t.equal(planted.code, 1);
  t.match(planted.text, /keeper-imports/);
  const clean = await cruise({ ...hub, "packages/keeper/src/planted.ts": "export const x = 1;\n" });
  t.equal(clean.code, 0, clean.text);
});

t.test("a connection outside the keeper's three folders turns the check red", async (t) => {
  const source = 'import net from "node:net";\nexport const x = net;\n';
  t.match(await cruise({ "packages/keeper/src/runs/planted.ts": source }), {
    code: 1,
    text: /keeper-never-network/,
  });
  t.match(await cruise({ "packages/keeper/src/link/allowed.ts": source }), { code: 0 });
});

t.test("a pure room that opens a file turns the check red", async (t) => {
  const source = 'import { readFileSync } from "node:fs";\nexport const x = readFileSync;\n';
  t.match(await cruise({ "packages/disclosure/src/planted.ts": source }), { code: 1, text: /pure-rooms/ });
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
