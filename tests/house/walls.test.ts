import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";

const root = fileURLToPath(new URL("../../", import.meta.url));
const depcruise = join(root, "node_modules", ".bin", "depcruise");

/** Lays out files in a folder of their own and runs the project's import rules over them. */
function cruise(files: Record<string, string>): Promise<Ran> {
  const house = mkdtempSync(join(tmpdir(), "cairn-walls-"));
  writeFileSync(join(house, "tsconfig.base.json"), "{}");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, name)), { recursive: true });
    writeFileSync(join(house, name), text);
  }
  return run(house);
}

interface Ran {
  readonly code: number;
  readonly text: string;
}

function run(folder: string, options: readonly string[] = []): Promise<Ran> {
  const args = ["packages", "--config", join(root, ".dependency-cruiser.cjs"), ...options];
  return new Promise((resolve) => {
    execFile(depcruise, args, { cwd: folder, maxBuffer: 1 << 27 }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, text: stdout + stderr });
    });
  });
}

/** A file and what it imports, as dependency-cruiser prints them. */
interface Cruised {
  readonly source: string;
  readonly dependencies: readonly { readonly resolved: string }[];
}

/**
 * In each folder, the files and folders that need one another in a circle: what is left once those are taken away, again
 * and again, that need nothing of it or that nothing of it needs.
 */
function circles(modules: readonly Cruised[]): string[] {
  const arrows = new Map<string, Map<string, readonly [string, string]>>();
  for (const { source, dependencies } of modules.filter(({ source }) => IN_SOURCE.test(source))) {
    for (const { resolved } of dependencies.filter((to) => IN_SOURCE.test(to.resolved))) {
      const from = source.split("/");
      const to = resolved.split("/");
      const parts = from.findIndex((name, i) => name !== to[i]);
      if (parts < 0) continue;
      const folder = from.slice(0, parts).join("/");
      const arrow = [from[parts] ?? "", to[parts] ?? ""] as const;
      arrows.set(folder, (arrows.get(folder) ?? new Map()).set(arrow.join(" "), arrow));
    }
  }
  return [...arrows].flatMap(([folder, found]) => {
    let left = [...found.values()];
    for (let before = Infinity; left.length < before;) {
      before = left.length;
      left = left.filter(([a, b]) => left.some(([from]) => from === b) && left.some(([, to]) => to === a));
    }
    const names = [...new Set(left.flat())].sort();
    return names.length > 0 ? [`${folder}: ${names.join(", ")}`] : [];
  });
}

const IN_SOURCE = /^packages\/[^/]+\/src\//;

const hub = { "packages/hub/src/index.ts": "export const hub = 1;\n" };
const dials = 'import net from "node:net";\nexport const x = net;\n';

t.test("what breaks a wall turns the check red, by name and file", async (t) => {
  const { code, text } = await cruise({
    ...hub,
    "packages/keeper/src/asks-the-hub.ts":
      'import { hub } from "../../hub/src/index.js";\nexport const x = hub;\n',
    "packages/keeper/src/runs/dials.ts": dials,
    "packages/importers/src/fetches.ts": dials,
    "packages/records/src/index.ts": "export const records = 1;\n",
    "packages/testkit/src/peeks.ts": 'export { records } from "../../records/src/index.js";\n',
    "packages/authoring/src/opens.ts": 'export { records } from "../../records/src/index.js";\n',
    "packages/agent/src/compares.ts": 'export { hub } from "../../hub/src/index.js";\n',
    "packages/cli/src/say.ts": "export const say = 1;\n",
    "packages/demo/src/prints.ts": 'export { say } from "../../cli/src/say.js";\n',
    "packages/disclosure/src/reads.ts":
      'import { readFileSync } from "node:fs";\nexport const x = readFileSync;\n',
  });
  t.equal(code, 1);
  t.match(text, /keeper-imports: \S*asks-the-hub/, "a keeper that imports the hub");
  t.match(text, /keeper-never-network: \S*dials/, "a connection outside the keeper's three folders");
  t.match(text, /keeper-never-network: \S*fetches/, "a connection where extracts are read");
  t.match(text, /records-only-in-the-practice: \S*peeks/, "records opened elsewhere than at the practice");
  t.match(text, /authoring-imports: \S*opens/, "an author's tool that opens records");
  t.match(text, /agent-imports: \S*compares/, "a practice's agent that carries the hub");
  t.match(
    text,
    /only-the-command-knows-the-command: \S*prints/,
    "a package that needs the command it is under",
  );
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

t.test("a circle of files turns the check red, and so does one of folders that no file closes", async (t) => {
  const files = await cruise({
    "packages/hub/src/a.ts": 'export { b } from "./b.js";\nexport const a = 1;\n',
    "packages/hub/src/b.ts": 'export { a } from "./a.js";\nexport const b = 1;\n',
  });
  t.equal(files.code, 1);
  t.match(files.text, /no-circles: packages\/hub\/src\/a\.ts/);
  const folders = await cruise({
    "packages/hub/src/runs/offer.ts": 'export { row } from "../store/tables.js";\n',
    "packages/hub/src/runs/states.ts": "export const state = 1;\n",
    "packages/hub/src/store/tables.ts": "export const row = 1;\n",
    "packages/hub/src/store/store.ts": 'export { state } from "../runs/states.js";\n',
  });
  t.equal(folders.code, 1);
  t.match(folders.text, /no-circles-of-folders: packages\/hub\/src\/runs/);
  t.notMatch(folders.text, /no-circles: /, "each file alone is in no circle");
});

t.test("in no folder do the files and folders side by side need each other in a circle", async (t) => {
  const house: Cruised[] = JSON.parse((await run(root, ["--output-type", "json"])).text).modules;
  t.ok(house.length > 400);
  t.same(circles(house), []);
  const planted = (source: string, ...resolved: string[]): Cruised => ({
    source,
    dependencies: resolved.map((to) => ({ resolved: to })),
  });
  const throughAFile = [
    planted("packages/hub/src/hub.ts", "packages/hub/src/store/store.ts"),
    planted("packages/hub/src/store/once.ts", "packages/hub/src/hub.ts"),
  ];
  t.same(circles(throughAFile), ["packages/hub/src: hub.ts, store"], "no rule above sees this one");
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
