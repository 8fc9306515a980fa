/** Names and docs of exported things: types are noun phrases from a short list of words, and no retired word comes back. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Words that may end the name of a type, and further words that may stand before its last one. */
const { nouns, qualifiers } = JSON.parse(
  readFileSync(new URL("vocabulary.json", import.meta.url), "utf8"),
) as Record<"nouns" | "qualifiers", string[]>;

/** Words that meant several things at once, or none to a newcomer: docs/words.md gives those in their place. */
const RETIRED =
  /\b(bury|buried|deaths?|fl(y|ight)|furnish|let go|said|settled?|tak(e|en) back|tell|(un)?told)\b/;

/** Names in which such a word means what it says: the settle time, settled runs, and the deaths of patients. */
const MEANT = new Set(["SETTLE_DAYS", "SETTLED_STATES", "settledOn", "readDeaths"]);

const EXPORT =
  /^export (?:declare |abstract |async )*(interface|class|type|function\*?|const|let|enum) (\w+)(<?)/gm;

/** A doc whose first sentence begins with a relative clause: its noun, and so its contract, is only the code below it. */
const RELATIVE = /\/\*\*[\s*]*((?:What|Who|Whom|Whoever|Whose|Whatever) [^.:]*)[\s\S]*?\*\/\s*(.*)/g;

interface ExportedName {
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  readonly generic: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "generated" ? [] : sources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

const FILES = readdirSync(join(ROOT, "packages"))
  .map((name) => `packages/${name}/src`)
  .filter((folder) => existsSync(join(ROOT, folder))) // the library has texts alone
  .flatMap(sources);

/** The names that a source exports. */
function exportedBy(file: string, text: string): ExportedName[] {
  return [...text.matchAll(EXPORT)].map(([, kind, name, bracket]) => ({
    file,
    kind: kind as string,
    name: name as string,
    generic: bracket === "<",
  }));
}

const EXPORTED = FILES.flatMap((file) => exportedBy(file, readFileSync(join(ROOT, file), "utf8")));

const isType = ({ kind }: ExportedName): boolean => ["interface", "class", "type"].includes(kind);

/** `SetsOfPeople`, `LP_BUDGET`, `canSplit2` as lower-case words. */
function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]/g) ?? []).map((word) => word.toLowerCase());
}

/** The fault of a type's name, or null. A type with parameters may end in "of": its argument completes the phrase. */
function nameFault(one: ExportedName): string | null {
  const words = wordsOf(one.name);
  const last = words.pop() as string;
  if (!nouns.includes(last) && !(one.generic && last === "of"))
    return `${last} is no noun of vocabulary.json`;
  const strange = words.find((word) => !nouns.includes(word) && !qualifiers.includes(word));
  return strange === undefined ? null : `${strange} is not in vocabulary.json`;
}

/** Whether a name holds a word that is retired. */
function isRetired(name: string): boolean {
  return RETIRED.test(wordsOf(name).join(" ")) && !MEANT.has(name);
}

t.test("every exported type is a noun phrase of words that the house knows", async (t) => {
  t.ok(EXPORTED.filter(isType).length > 300, "the types are found");
  for (const one of EXPORTED.filter(isType)) {
    const fault = nameFault(one);
    if (fault !== null) t.fail(`${one.file}: ${one.name}: ${fault}`);
  }
});

t.test("no exported name holds a word that is retired", async (t) => {
  for (const { file, name } of EXPORTED)
    if (isRetired(name)) t.fail(`${file}: ${name}: see the retired words of docs/words.md`);
});

t.test("the list of words is sorted, and each of its words is used", async (t) => {
  const used = new Set(EXPORTED.filter(isType).flatMap(({ name }) => wordsOf(name)));
  const last = new Set(EXPORTED.filter(isType).map(({ name }) => wordsOf(name).at(-1)));
  for (const list of [nouns, qualifiers]) t.same(list, [...new Set(list)].sort());
  t.same(
    nouns.filter((word) => !last.has(word)),
    [],
    "nouns that end no name",
  );
  t.same(
    qualifiers.filter((word) => !used.has(word) || nouns.includes(word)),
    [],
    "qualifiers that stand in no name, or are nouns",
  );
});

t.test("a planted name is found out", async (t) => {
  const [told, held, wide, of] = exportedBy(
    "x.ts",
    "export interface Told {}\nexport type Held = 1;\nexport class WobblyRun {}\nexport type RowOf<T> = T;",
  ) as [ExportedName, ExportedName, ExportedName, ExportedName];
  t.ok(isRetired(told.name));
  t.match(nameFault(held), /held is no noun/);
  t.match(nameFault(wide), /wobbly is not in/);
  t.equal(nameFault(of), null);
  t.ok(isRetired("takeBack"));
  t.ok(isRetired("settleFamily"));
  t.notOk(isRetired("settledOn"));
});

t.test("the first sentence of an exported thing's doc does not begin with a relative clause", async (t) => {
  for (const file of FILES)
    for (const [, sentence, code] of readFileSync(join(ROOT, file), "utf8").matchAll(RELATIVE))
      if (/^export /.test(code as string)) t.fail(`${file}: ${sentence as string}`);
});
