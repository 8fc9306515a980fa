/** cairn agent left-out: the practice's list of people who are in no number that leaves, from a file. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { cairn, mustRun } from "./fixtures/command.js";

const folder = mkdtempSync(join(tmpdir(), "cairn-left-out-"));
t.teardown(() => rmSync(folder, { recursive: true }));
const data = join(folder, "agent");
const leftOut = (...args: string[]) => cairn(["agent", "left-out", "--data", data, ...args]);

/** A file that names people. @returns the words that give it */
function file(text: string): string[] {
  const path = join(folder, "list.txt");
  writeFileSync(path, text);
  return ["--file", path];
}

const QUERY = `query: everyone
version: 1.0.0
title: Everyone
question: How many people are registered?
purpose: quality improvement
direction: none
periods: {every: quarter, count: 4}
denominator: {age: {from: 0}}
numerator: {age: {from: 0}}
`;

const counts = async (): Promise<unknown> => JSON.parse((await leftOut("--json")).stdout);

t.before(async () => {
  const extract = join(folder, "extract");
  await mustRun(["agent", "init", "--data", data]);
  await mustRun(["synth", "--out", extract, "--patients", "50", "--format", "journal"]);
  await mustRun(["agent", "import", extract, "--data", data, "--format", "journal"]);
});

t.test("a file takes the place of the list, is logged with its person, and can be taken back", async (t) => {
  t.match(await leftOut(), { code: 0, stdout: /^The practice's own list names nobody\.\n/ });
  const set = await leftOut(
    ...file("\uFEFFINV001-000001\r\n  INV001-000002 \r\n\r\nINV001-000002\r\nnobody\r\n"),
    "--as",
    "Ann",
    "--yes",
  );
  t.match(set, {
    code: 0,
    stdout: /names 3: 2 patients in the records, and 1 whom no load has brought yet\./,
  });
  t.match(set.stdout, /What left before stays as it was/);
  t.match(await counts(), { identifiers: 3, patients: 2 });
  t.match(JSON.parse(await mustRun(["agent", "exclude", "--json", "--data", data])), { identifiers: 3 });
  t.match(
    await mustRun(["agent", "status", "--data", data]),
    "The practice has given its own list of people",
  );
  const log = await mustRun(["agent", "log", "--data", data]);
  t.match(log, /left out list set; by Ann/);
  t.notMatch(log, /INV001|nobody/, "nobody is named in it");
  t.match(await leftOut(...file("INV001-000003\n")), { code: 0 });
  t.match(await counts(), { identifiers: 1, patients: 1 });
  t.match(await leftOut("--none"), { code: 0, stdout: /names nobody/ });
  t.same(await counts(), { identifiers: 0, patients: 0, is_newest: true, made_before: 0 });
  const emptied = await leftOut(...file("INV001-000003\n"));
  t.notMatch(emptied.stdout, /any more/);
  t.match((await leftOut("--none")).stdout, /\n1 who was on the list before is not on it any more\.\n/);
});

t.test("what is no list, or names nobody here, leaves the list as it was", async (t) => {
  await mustRun(["agent", "left-out", "--data", data, ...file("INV001-000004\n")]);
  for (const [text, stderr] of [
    ["INV001-000001\nid,name\nINV001-000002\n", /line 2 of the file is not one identifier/],
    ['"INV001-000001"\n', /line 1 of the file is not one identifier/],
    ["\n \n", /the file names nobody: --none/],
    ["INV001-000001\u200b\n", /line 1 of the file is not one identifier/],
    ["943 476 5919\n", /line 1 of the file is of nobody in the records/],
    [
      "INV001-000001\ninv001-000002\n\npatient_id\n",
      /2 lines of the file, the first of them line 2, are of nobody/,
    ],
  ] as const) {
    const refused = await leftOut(...file(text));
    t.match(refused, { code: 2, stdout: "", stderr });
    t.notMatch(refused.stderr, /INV001|943/, "nobody is named in an error");
  }
  t.match(await leftOut("--file", join(folder, "missing.txt")), { code: 4, stderr: /missing\.txt: no such/ });
  t.match(await leftOut(...file("INV001-000001\n"), "--none"), { code: 2 });
  t.match(await counts(), { identifiers: 1, patients: 1 });
  t.match(await leftOut(...file("943 476 5919\n"), "--yes"), { code: 0 });
  t.match(await counts(), { identifiers: 1, patients: 0 });
});

t.test("where there are accounts, an administrator keeps it", async (t) => {
  for (const [name, role] of [
    ["Adi", "administrator"],
    ["Clio", "clinician"],
  ] as const)
    await mustRun(["agent", "person", "add", name, "--role", role, "--data", data]);
  t.match(await leftOut(...file("INV001-000005\n"), "--as", "Clio"), { code: 3 });
  t.match(await leftOut(...file("INV001-000005\n"), "--as", "Adi"), { code: 0 });
  t.match(await counts(), { identifiers: 1, patients: 1 });
});

t.test("a load that names people anew says that the list is of others", async (t) => {
  await mustRun(["agent", "left-out", "--data", data, ...file("INV001-000005\nelsewhere\n"), "--yes"]);
  const extract = join(folder, "extract");
  const loaded = await cairn(["agent", "import", extract, "--data", data, "--format", "journal"]);
  t.match(loaded, { code: 0, stderr: /1 of 2 are nobody's in these records/ });
});

t.test(
  "numbers by which the practice finds people are as good as identifiers, and in no log or message",
  async (t) => {
    const [emis, extract] = [join(folder, "emis"), join(folder, "emis-extract")];
    await mustRun(["agent", "init", "--data", emis]);
    await mustRun([
      "synth",
      "--out",
      extract,
      "--patients",
      "400",
      "--format",
      "emis",
      "--until",
      "2025-06-30",
    ]);
    const told = [await cairn(["agent", "import", extract, "--data", emis, "--format", "emis"])];
    const query = join(folder, "query.yaml");
    writeFileSync(query, QUERY);
    const list = ["worklist", query, "--numerator", "--at", "2025-03-31", "--data", emis];
    const { patients, opted_out: before } = JSON.parse(await mustRun([...list, "--json"])) as {
      opted_out: number;
      patients: { patient: string; id: string }[];
    };
    t.ok(patients.length > 100, `${patients.length} people`);
    t.ok(before > 0 && before < 40, `${before} of them opted out, or are marked`);
    t.ok(patients.every(({ patient, id }) => /^\d+$/.test(patient) && /^[\dA-F-]{36}$/.test(id)));
    const [one, two] = [patients[0]!, patients[1]!];
    t.match(await mustRun(list), new RegExp(`^2025-03-31 +${one.patient} `, "m"));
    told.push(
      await cairn(["agent", "left-out", "--data", emis, ...file(`${one.patient}\n${one.id}\n${two.id}\n`)]),
    );
    t.match(told.at(-1), { code: 0, stdout: /names 2: 2 patients in the records\./ });
    told.push(await cairn(["agent", "left-out", "--data", emis, ...file(`${one.patient}\n99999999\n`)]));
    t.match(told.at(-1), { code: 2, stderr: /line 2 of the file is of nobody in the records/ });
    const shown = JSON.parse(await mustRun([...list, "--json"])) as {
      opted_out: number;
      patients: unknown[];
    };
    t.same([shown.opted_out, shown.patients], [before + 2, patients]);
    const log = await mustRun(["agent", "log", "--data", emis]);
    for (const said of [...told.map(({ stdout, stderr }) => stdout + stderr), log])
      t.notMatch(said, new RegExp(`${one.id}|\\b99999999\\b`));
  },
);

t.test("without records, or without an agent, it says what is missing", async (t) => {
  const nowhere = join(folder, "nowhere");
  t.match(await cairn(["agent", "left-out", "--data", nowhere, ...file("P1\n")]), {
    code: 4,
    stderr: /no records there/,
  });
});

t.test(
  "whether people with a type 1 opt-out in their record are counted is chosen by a person, and said",
  async (t) => {
    const choose = ["agent", "opt-outs", "--data", data, "--set", "counted", "--as", "Adi"];
    const asked = await cairn(choose);
    t.match(asked, { code: 2, stdout: /^A type 1 opt-out says that/, stderr: /Nothing was done: say --yes/ });
    const chosen = await cairn([...choose, "--yes"]);
    t.match(chosen, {
      code: 0,
      stdout:
        /^People with a type 1 opt-out .* left out of what leaves for reference dates up to .* and counted after that/m,
    });
    t.match(chosen.stdout, /In these records it is about (nobody|\d+ p)/);
    t.match(
      chosen.stdout,
      /\(cairn agent left-out --data \S+\) or marked as confidential are in no number that leaves, whatever is chosen/,
    );
    t.match(chosen.stdout, /827241000000103 \(SNOMED CT\)/);
    t.match(
      await mustRun(["agent", "log", "--data", data]),
      /opt outs chosen: after [\d-]+, choice counted; by Adi/,
    );
  },
);
