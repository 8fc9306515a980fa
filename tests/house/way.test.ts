/** The way of one number (docs/way-of-a-number.md) is short, whole and true. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = "docs/way-of-a-number.md";
const MOST = 60;

function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** The files of the numbered list, in order. */
function wayIn(page: string): string[] {
  return [...page.matchAll(/^\| *\d+ *\| `([^`]+)`/gm)].map(([, file]) => file as string);
}

/** Every path that the page names outside the list. */
function besideIn(page: string): string[] {
  const way = new Set(wayIn(page));
  return [...page.matchAll(/`((?:packages|proto)\/[^`]+)`/g)]
    .map(([, file]) => file as string)
    .filter((file) => !way.has(file));
}

/** The files that a file imports: by a path, or by names that a package's index takes from them. */
function importsOf(file: string): string[] {
  const text = read(file);
  const protos = [...text.matchAll(/"(cairn\/v1\/\w+\.proto)"/g)].map(
    ([, name]) => `proto/${name as string}`,
  );
  const files = statements(text).flatMap(({ names, from }) =>
    from.startsWith(".") ? [beside(file, from)] : exported(from, names),
  );
  return [...files, ...protos, ...protos.filter((proto) => proto !== file).flatMap(importsOf)];
}

interface Statement {
  readonly names: readonly string[];
  readonly from: string;
}

/** The `import` and `export ... from` statements of a file; no name stands for all. */
function statements(text: string): Statement[] {
  const found = text.matchAll(/^(?:import|export)\s+(?:type\s+)?(?:\{([^}]*)\}|\*)\s+from\s+"([^"]+)"/gm);
  return [...found].map(([, names = "", from = ""]) => ({
    names: names
      .split(",")
      .map(
        (name) =>
          name
            .trim()
            .replace(/^type /, "")
            .split(" as ")[0] as string,
      )
      .filter((name) => name !== ""),
    from,
  }));
}

function beside(file: string, from: string): string {
  return posix.join(dirname(file), from.replace(/\.js$/, ".ts"));
}

/** The files behind a package's index that declare the names. */
function exported(specifier: string, names: readonly string[]): string[] {
  const [, room, part = "index"] = /^@cairn\/([\w-]+)(?:\/([\w-]+))?$/.exec(specifier) ?? [];
  if (room === undefined) return [];
  const index = [`packages/${room}/src/${part}.ts`, `packages/${room}/src/${part}/index.ts`].find((file) =>
    existsSync(join(ROOT, file)),
  );
  if (index === undefined) return [];
  return statements(read(index)).flatMap(({ names: given, from }) => {
    const file = beside(index, from);
    return names.some((name) => (given.length > 0 ? given.includes(name) : declares(file, name)))
      ? [file]
      : [];
  });
}

function declares(file: string, name: string): boolean {
  return new RegExp(`^export (?:const|function|class|interface|type) ${name}\\b`, "m").test(read(file));
}

/** The files that neither import another of the list nor are imported by one. */
function loose(way: readonly string[]): string[] {
  const arrows = way.flatMap((from) => importsOf(from).map((to) => [from, to] as const));
  return way.filter(
    (file) => !arrows.some(([a, b]) => a !== b && ((a === file && way.includes(b)) || b === file)),
  );
}

/** The rooms (packages) between which the list has no import: more than one part is a gap. */
function partsOf(way: readonly string[]): string[][] {
  const parts: string[][] = [];
  const arrows = way.flatMap((from) => importsOf(from).map((to) => [from, to] as const));
  for (const file of way) {
    if (parts.some((part) => part.includes(file))) continue;
    const part = [file];
    for (const at of part) {
      const near = arrows.flatMap(([a, b]) => (a === at ? [b] : b === at ? [a] : []));
      part.push(...new Set(near.filter((one) => way.includes(one) && !part.includes(one))));
    }
    parts.push(part);
  }
  return parts;
}

/** The files that docs/forms.md names as the place of a form. */
function formsIn(page: string): string[] {
  return [...page.matchAll(/`((?:packages|proto)\/[^`]+\.(?:ts|proto))`/g)].map(([, file]) => file as string);
}

const page = read(PAGE);
const way = wayIn(page);

t.test("the way of a number enters at most 60 files, each once, and each exists", async (t) => {
  t.ok(way.length > 40, "the list is read");
  t.ok(way.length <= MOST, `${way.length} files: merge a layer, or say in the page why it is beside the way`);
  t.equal(new Set(way).size, way.length);
  for (const file of [...way, ...besideIn(page)]) t.ok(existsSync(join(ROOT, file)), file);
  t.same(
    [...page.matchAll(/^\| *(\d+) *\|/gm)].map(([, n]) => Number(n)),
    way.map((_, i) => i + 1),
    "numbered in order",
  );
});

t.test("each file imports another of the list or is imported by one, and all hang together", async (t) => {
  t.same(loose(way), []);
  t.same(partsOf(way).slice(1), [], "parts that no import joins to the first");
});

t.test(
  "a room left out is seen where the others meet in it, and so is a file that belongs to none",
  async (t) => {
    const without = (room: string): string[] => way.filter((file) => !file.startsWith(`packages/${room}/`));
    for (const room of ["tables", "wire"])
      t.ok(partsOf(without(room)).length > 1, `without ${room} the list falls apart`);
    t.same(loose([...way, "packages/cli/src/say.ts"]), ["packages/cli/src/say.ts"]);
  },
);

t.test("each form of docs/forms.md is on the way", async (t) => {
  const forms = formsIn(read("docs/forms.md"));
  t.ok(forms.length > 12);
  t.same(
    forms.filter((file) => !way.includes(file)),
    [],
  );
});
