/** No package is so large that it hides another: each has at most 15 % of the lines of all. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MOST = 0.15;

/** Lines that somebody wrote, of each package that has source. */
function linesIn(root: string): Map<string, number> {
  const rooms = readdirSync(join(root, "packages")).flatMap((room) => {
    const source = join(root, "packages", room, "src");
    const files = filesIn(source);
    const lines = files.map((file) => readFileSync(file, "utf8").split("\n").length - 1);
    return files.length === 0 ? [] : [[room, lines.reduce((sum, each) => sum + each, 0)] as const];
  });
  return new Map(rooms);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.includes("generated/"))
      .map((file) => join(folder, file));
  } catch {
    return []; // content without source
  }
}

/** Packages with more than their share, in words. */
function tooLarge(lines: ReadonlyMap<string, number>): string[] {
  const all = [...lines.values()].reduce((sum, each) => sum + each, 0);
  return [...lines].flatMap(([room, own]) =>
    own / all > MOST ? [`${room}: ${own} of ${all} lines, more than ${MOST * 100} %`] : [],
  );
}

t.test("the largest package has at most 15 % of the lines", async (t) => {
  const lines = linesIn(ROOT);
  t.ok(lines.size > 20);
  t.same(tooLarge(lines), []);
});

t.test("one that has more is named", async (t) => {
  const root = t.testdir();
  for (let i = 0; i < 10; i++) {
    mkdirSync(join(root, `packages/p${i}/src/generated`), { recursive: true });
    writeFileSync(join(root, `packages/p${i}/src/a.ts`), "x;\n".repeat(i === 3 ? 20 : 10));
    writeFileSync(join(root, `packages/p${i}/src/generated/b.ts`), "x;\n".repeat(500));
  }
  t.same(tooLarge(linesIn(root)), ["p3: 20 of 110 lines, more than 15 %"]);
});
