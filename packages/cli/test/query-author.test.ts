import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import t from "tap";
import { register } from "../src/commands/query-author.js";
import { QueryFileError } from "@cairn/authoring";
import { EXIT } from "../src/exit-codes.js";

const QUERIES = fileURLToPath(new URL("../../query-library/test/queries/", import.meta.url));
const LIBRARY = fileURLToPath(new URL("../../library/content/", import.meta.url));

/** Runs `cairn query ...` in this process; what it wrote to standard output and the exit code it left. */
async function run(...args: string[]): Promise<{ out: string; exit: number; error: unknown }> {
  const program = new Command("cairn").exitOverride();
  register(program);
  const write = process.stdout.write.bind(process.stdout);
  const before = process.exitCode;
  let out = "";
  process.stdout.write = (text: string) => ((out += text), true);
  try {
    await program.parseAsync(["node", "cairn", "query", ...args]);
    return { out, exit: Number(process.exitCode ?? 0), error: null };
  } catch (error) {
    return { out, exit: error instanceof QueryFileError ? EXIT[error.kind] : -1, error };
  } finally {
    process.stdout.write = write;
    process.exitCode = before;
  }
}

/** A folder with one query of the tests, changed, its examples and the codelists. */
function folder(name: string, change: (text: string) => string, examples = (text: string) => text): string {
  const at = t.testdir();
  const from = (path: string): string => readFileSync(join(QUERIES, path), "utf8");
  writeFileSync(join(at, `${name}.yaml`), change(from(`${name}.yaml`)));
  writeFileSync(join(at, `${name}.examples.yaml`), examples(from(`${name}.examples.yaml`)));
  mkdirSync(join(at, "codelists"));
  for (const list of ["methotrexate@1", "liver-function@1"]) {
    for (const ending of ["csv", "yaml"]) {
      writeFileSync(join(at, "codelists", `${list}.${ending}`), from(`codelists/${list}.${ending}`));
    }
  }
  return join(at, `${name}.yaml`);
}

t.test(
  "check: every query of the library and every form checks, and both engines answer each worked example as written",
  async (t) => {
    const { out, exit } = await run("check", LIBRARY, QUERIES, "--json");
    const { files } = JSON.parse(out) as {
      files: { file: string; query?: string; examples: number; problems: { words: string }[] }[];
    };
    t.equal(exit, 0);
    const queries = files.filter(({ query }) => query !== undefined);
    t.ok(queries.length >= 17);
    for (const { file, problems } of files) t.same(problems, [], file);
    for (const { query, examples } of queries) t.ok(examples >= 1, `${query} has examples`);
  },
);

t.test("check: a register is checked as one, alone and with the folder of its queries", async (t) => {
  const diabetes = join(LIBRARY, "registers", "diabetes.yaml");
  const alone = await run("check", diabetes);
  t.equal(alone.exit, 0);
  t.match(alone.out, /diabetes\.yaml: the register diabetes@\d{4}-\d{2} checks\n$/);
  t.notMatch(alone.out, /query/i);

  const at = t.testdir({ registers: {} });
  const own = join(at, "registers", "lost-list.yaml");
  const text = readFileSync(diabetes, "utf8").replace("register: diabetes", "register: lost-list");
  writeFileSync(own, text.replace("diabetes: diabetes@2025-09", "diabetes: no-such-list@2025-09"));
  const found = await run("check", at);
  t.equal(found.exit, EXIT["does-not-hold"]);
  t.match(found.out, own, "the folder's registers are looked at");
  t.match(found.out, /no-such-list@2025-09/);
  t.match(JSON.parse((await run("check", at, "--json")).out), {
    files: [{ file: own, register: null, problems: [{ file: own }] }],
  });
  writeFileSync(own, text);
  t.match(
    await run("check", at),
    { exit: 0, out: /the register lost-list@/ },
    "with the library's codelists",
  );
});

t.test("check: what is wrong is printed with file and line, and the exit code is 1", async (t) => {
  const file = folder("methotrexate-monitoring", (text) =>
    text.replace("exists: liver_function", "exits: liver_function"),
  );
  const { out, exit } = await run("check", file);
  t.equal(exit, 1);
  t.match(out, /methotrexate-monitoring\.yaml:\d+: `exits` is not a form\. Did you mean `exists`\?/);
});

t.test("check: an example that the query does not answer is named with what the answer is", async (t) => {
  const file = folder(
    "methotrexate-monitoring",
    (text) => text,
    (text) => text.replace("2025-03-31: both", "2025-03-31: neither"),
  );
  const { out, exit } = await run("check", file);
  t.equal(exit, 1);
  t.match(
    out,
    /examples\.yaml:2: "Issued in both quarters and tested in neither": at 2025-03-31 the answer is 1 of 1, not 0 of 0/,
  );
});

t.test("codelists are looked for beside the query, then in the library", async (t) => {
  const file = folder("methotrexate-monitoring", (text) =>
    text.replace("liver-function@1", "hba1c-ifcc@2025-09"),
  );
  t.match(await run("explain", file), { out: /hba1c-ifcc\s+version 2025-09: 3 SNOMED CT codes/, exit: 0 });
  const nowhere = folder("methotrexate-monitoring", (text) =>
    text.replace("liver-function@1", "liver-function@2"),
  );
  t.match(await run("check", nowhere), { out: /no codelist `liver-function@2`/, exit: 1 });
});

t.test(
  "explain: text, Markdown and JSON; a query that does not check is one line and exit 1, a file that is not there exit 2",
  async (t) => {
    const file = join(QUERIES, "methotrexate-monitoring.yaml");
    t.match((await run("explain", file)).out, /^Methotrexate without a liver test\n/);
    t.match((await run("explain", file, "--markdown")).out, /^# Methotrexate without a liver test\n/);
    t.equal(
      (JSON.parse((await run("explain", file, "--json")).out) as { title: string }).title,
      "Methotrexate without a liver test",
    );
    const bad = folder("methotrexate-monitoring", (text) =>
      text.replace("exists:", "exits:").replace("age:", "ages:"),
    );
    const { error } = await run("explain", bad);
    t.match(error, {
      code: "does-not-check",
      kind: "does-not-hold",
      message: /and 1 more: `cairn query check/,
    });
    t.notMatch((error as Error).message, /\n/);
    t.match(await run("explain", join(QUERIES, "nothing.yaml")), {
      error: { code: "unreadable", kind: "wrong-use" },
    });
    t.match(await run("explain", "bp-control"), { error: null }, "a name of the library is enough");
    t.match(
      await run("explain", "bp-controll"),
      { error: { kind: "wrong-use", message: /the nearest are: bp-control, ([\w-]+, ){3}[\w-]+$/ } },
      "and a wrong one is told the nearest few",
    );
  },
);

t.test("diff: what changed in words, and which examples are answered otherwise", async (t) => {
  const before = join(QUERIES, "methotrexate-monitoring.yaml");
  const after = folder("methotrexate-monitoring", (text) => text.replace("from: 18", "from: 70"));
  const { out } = await run("diff", before, after);
  t.match(out, /Who is counted \/ Count\n {2}was: .*aged 18 or over.*\n {2}is: {2}.*aged 70 or over/);
  t.match(
    out,
    /Example "Issued in both quarters and tested in neither" at 2025-03-31: was 1 of 1, is 0 of 0/,
  );
  t.match((await run("diff", before, before)).out, /Nothing that is counted or said has changed/);
});

t.test(
  "preflight: what would be withheld by split and cadence at three sizes, and the coarser split to write where half would be",
  async (t) => {
    const splitBy = (splits: string) => (text: string) => `${text}\nsplit_by: [${splits}]\n`;
    const fine = folder(
      "methotrexate-monitoring",
      splitBy("{age_bands: [30, 40, 50, 60, 70, 80, 90]}, [sex, deprivation_fifth]"),
    );
    const { out, exit } = await run("preflight", fine, "--denominator", "0.02", "--numerator", "20%");
    t.equal(exit, 0, "a warning is not a failure");
    t.ok(out.split("\n").every((line) => line.length <= 80));
    t.match(
      out,
      /every quarter[^\n]*\n? +3,000 +8,000 +15,000\n {2}total .*\n {2}age_band .*\n {2}sex x deprivation_fifth\n +\d+\u00a0%/,
    );
    t.match(out, /every month/);
    t.match(out, /every year/);
    t.match(out, /Warning: at practices of 3,000/);
    t.match(out.replaceAll(/\s+/g, " "), /of its counts\. Coarser, it would release/);
    t.match(out, /Write in split_by:\n {2}\{age_bands: \[\d+/);

    const json = JSON.parse(
      (await run("preflight", fine, "--denominator", "2%", "--numerator", "0.2", "--json")).out,
    ) as {
      files: {
        cadences: { every: string; sizes: { patients: number; released: number }[] }[];
        coarser: { split: string; instead: string[] | null; released: number; would_release: number }[];
      }[];
    };
    const [file] = json.files;
    t.same(
      file?.cadences.map(({ every }) => every),
      ["quarter", "month", "year"],
    );
    t.same(
      file?.cadences[0]?.sizes.map(({ patients }) => patients),
      [3000, 8000, 15000],
    );
    for (const { instead, released, would_release } of file?.coarser ?? []) {
      t.ok(released < 0.5);
      if (instead) t.ok(would_release >= 0.5, `${instead.join()} releases half`);
    }
    t.ok(file?.coarser.some(({ instead }) => instead !== null));

    const written = file?.coarser.find(({ instead }) => instead)?.instead?.[0] ?? "";
    const coarse = folder("methotrexate-monitoring", splitBy(written));
    t.equal((await run("check", coarse)).exit, 0, "what it says to write checks");
    t.match(await run("preflight", fine, "--denominator", "2"), { exit: -1 });
  },
);

t.test("preflight: ages and sex that a query asks for are those it is tried on", async (t) => {
  const { out } = await run("preflight", join(LIBRARY, "flu-vaccination-uptake.yaml"), "--json");
  const { files } = JSON.parse(out) as { files: { assumed: { denominator: number } }[] };
  t.equal(files[0]?.assumed.denominator, 1, "everyone of those ages");
  const register = await run("preflight", join(LIBRARY, "diabetes-hba1c-58.yaml"));
  t.match(register.out, /Assumed: 8\u00a0% of the people/);
});

t.test("export-fhir prints a Measure", async (t) => {
  const { out } = await run("export-fhir", join(LIBRARY, "bp-control.yaml"), "--url", "https://hub.example/");
  t.match(JSON.parse(out), {
    resourceType: "Measure",
    url: "https://hub.example/Measure/bp-control",
    status: "active",
  });
});
