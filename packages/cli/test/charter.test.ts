import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import t from "tap";
import { QueryFileError } from "@cairn/authoring";
import { register } from "../src/commands/charter.js";
import { EXIT } from "../src/exit-codes.js";

const EXAMPLES = fileURLToPath(new URL("../../../examples/charters/", import.meta.url));
const glen = join(EXAMPLES, "glen-cluster.yaml");

/** Runs `cairn charter ...` in this process; what it wrote to standard output and the exit code it left. */
async function run(...args: string[]): Promise<{ out: string; exit: number; error: unknown }> {
  const program = new Command("cairn").exitOverride();
  register(program);
  const write = process.stdout.write.bind(process.stdout);
  const before = process.exitCode;
  let out = "";
  process.stdout.write = (text: string) => ((out += text), true);
  try {
    await program.parseAsync(["node", "cairn", "charter", ...args]);
    return { out, exit: Number(process.exitCode ?? 0), error: null };
  } catch (error) {
    return { out, exit: error instanceof QueryFileError ? EXIT[error.kind] : -1, error };
  } finally {
    process.stdout.write = write;
    process.exitCode = before;
  }
}

/** A copy of the Glen cluster's charter, changed. */
function changed(name: string, from: string, to: string): string {
  const file = join(t.testdirName, name);
  writeFileSync(file, readFileSync(glen, "utf8").replace(from, to));
  return file;
}
t.testdir();

t.test("new: a charter to fill in checks once its open lines are filled in, and not before", async (t) => {
  const presets = readdirSync(new URL("../../charters/presets/", import.meta.url)).map((name) =>
    name.slice(0, -5),
  );
  t.equal(presets.length, 5);
  const file = join(t.testdir(), "new.yaml");
  for (const preset of presets) {
    const { out } = await run("new", "glen", "--extends", preset);
    writeFileSync(file, out);
    const open = await run("check", file);
    t.equal(open.exit, EXIT["does-not-hold"], preset);
    t.match(open.out, /new\.yaml:5: Write text/);
    const filled = out
      .replace(/^(purpose|controller|lawful_basis):$/gm, "$1: Said here.")
      .replace(/^keep_for:$/m, "keep_for: 60 months")
      .replace(/^review:$/m, "review: 2027-03-31")
      .replace("{delegate: }", "{delegate: board}");
    writeFileSync(file, filled);
    t.match(await run("check", file), { exit: 0, out: /the charter of glen checks/ }, preset);
  }
  t.match((await run("new", "glen", "--extends", "cluster")).error, {
    message: /there are .*scottish-cluster/,
  });
});

t.test("check: a charter that holds is named with its digest, and its exit is 0", async (t) => {
  const { out, exit } = await run("check", glen, join(EXAMPLES, "modality.yaml"));
  t.equal(exit, 0);
  t.match(out, /glen-cluster\.yaml: the charter of glen-cluster checks \(sha256 [0-9a-f]{64}\)\n/);
  t.match(JSON.parse((await run("check", glen, "--json")).out), {
    files: [
      {
        file: glen,
        charter: "glen-cluster",
        extends: "scottish-cluster",
        digest: /^[0-9a-f]{64}$/,
        problems: [],
      },
    ],
  });
});

t.test(
  "check: a query that the library does not have is a problem, with the one that is meant",
  async (t) => {
    const add = (name: string, queries: string): string =>
      changed(name, "keep_for:", `queries: [${queries}]\nkeep_for:`);
    const bad = add("unknown.yaml", "bp-contrl, nothing-*");
    const { out, exit } = await run("check", bad);
    t.equal(exit, 1);
    t.match(
      out,
      /unknown\.yaml:\d+: There is no query `bp-contrl` in the library\. Did you mean `bp-control`\?/,
    );
    t.match(out, /unknown\.yaml:\d+: No query of the library has a name that begins so: `nothing-\*`\./);
    t.equal((await run("check", add("known.yaml", "bp-control, records-*"))).exit, 0);
    t.equal(
      (await run("check", bad, "--library", t.testdir({ "bp-contrl.yaml": "", "nothing-yet.yaml": "" })))
        .exit,
      0,
    );
    t.equal((await run("explain", bad)).exit, 0, "who reads it may have another library");
  },
);

t.test("check: every problem is printed with file and line, and the exit is 1", async (t) => {
  const bad = changed("bad.yaml", "keep_for: 60 months", "keep_for: ever\nfloor: k2-r5");
  const { out, exit } = await run("check", bad, glen);
  t.equal(exit, 1);
  t.match(out, /bad\.yaml:10: Write a length of 1 month to 50 years/);
  t.match(out, /bad\.yaml:11: `k2-r5` withholds too little/);
  t.match(out, "the charter of glen-cluster checks", "the others are checked too");
  t.match(JSON.parse((await run("check", bad, "--json")).out), {
    files: [{ charter: null, extends: null, digest: null, problems: [{ line: 10 }, { line: 11 }] }],
  });
});

t.test(
  "explain: text and JSON; one that does not check is one line and exit 1, an absent one exit 2",
  async (t) => {
    t.match((await run("explain", glen)).out, /^glen-cluster, a charter of the kind scottish-cluster\n/);
    t.match(JSON.parse((await run("explain", glen, "--json")).out), {
      charter: "glen-cluster",
      lines: [{ label: "What for", says: /^Practices of the Glen cluster/ }],
    });
    const bad = await run(
      "explain",
      changed("two.yaml", "keep_for: 60 months", "keep_for: ever\nfloor: k2-r5"),
    );
    t.equal(bad.exit, 1);
    t.match(bad.error, { message: /two\.yaml:10: .*\(and 1 more: `cairn charter check .*two\.yaml`\)$/ });
    const absent = await run("explain", join(EXAMPLES, "nowhere.yaml"));
    t.equal(absent.exit, 2);
    t.match(absent.error, { message: /nowhere\.yaml cannot be read; give the path of a charter's file/ });
  },
);

t.test("diff: each change in words, and whether practices are asked anew", async (t) => {
  t.match(await run("diff", glen, glen), { out: "Nothing has changed.\n", exit: 0 });
  const stricter = changed("stricter.yaml", "keep_for: 60 months", "keep_for: 12 months");
  const narrowed = await run("diff", glen, stricter);
  t.match(narrowed.out, "Kept for\n  was: five years\n  is:  a year\n");
  t.match(narrowed.out, /Nothing widens\.\n$/);
  const widened = await run("diff", stricter, glen);
  t.match(widened.out, "Kept for (widens)\n");
  t.match(widened.out, /each practice is asked anew/);
  t.same(JSON.parse((await run("diff", stricter, glen, "--json")).out), {
    widens: true,
    changes: [
      {
        field: "keep_for",
        what: "Kept for",
        was: "a year",
        is: "five years",
        widens: true,
      },
    ],
  });
});
