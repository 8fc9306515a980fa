/** What a person does wrong, and what goes wrong around them: one line that says what to do, the right exit code, nothing lost. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { openDatabase } from "@cairn/sqlite";
import { Federation, type ProcessResult, type Practice } from "@cairn/demo";
import { cairn, command } from "../../packages/cli/test/fixtures/command.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";
import { PATIENCE_MS, within } from "./trials.js";

const folder = mkdtempSync(join(tmpdir(), "cairn-wrong-"));
const few = someQueries(join(folder, "library"), ["hypertension-register"]);
const federation = new Federation({ command, folder, group: "wrong", offlineAfter: 3600, library: few });
let practice: Practice;

t.before(async () => {
  await federation.initHub();
  await federation.startHub();
  practice = federation.addPractice({
    name: "Input Surgery",
    patients: 120,
    eventsPerPatient: 50,
    seed: 3,
    until: "2026-06-30",
  });
  await practice.loadRecords();
});

t.teardown(async () => {
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** One line on standard error that says what to do, and the exit code that scripts rely on. */
function told(t: Test, done: ProcessResult, code: number, words: RegExp): void {
  const lines = done.stderr.split("\n").filter((line) => line.startsWith("cairn: "));
  t.equal(done.code, code, `exit ${code}: ${done.stderr}${done.stdout}`);
  t.equal(lines.length, 1, `one line: ${done.stderr}`);
  t.match(lines[0], words);
  t.notMatch(done.stderr, /^ {4}at /m, "no stack");
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

interface Counted {
  readonly covers_to: string;
}

async function coversTo(): Promise<string> {
  return (JSON.parse(await practice.must("agent", "status", "--json")) as Counted).covers_to;
}

const library = new URL("../../packages/library/content/", import.meta.url);

t.test(
  "a query that is no YAML, or names a codelist that is not there, is refused by file and line",
  async (t) => {
    const bad = file("queries/bad.yaml", "query: x\nversion: [1\n");
    const done = await cairn(["query", "check", bad]);
    t.equal(done.code, 1);
    t.match(done.stdout + done.stderr, /bad\.yaml:\d+/);
    const text = readFileSync(new URL("ace-inhibitor-diuretic-no-kidney-test.yaml", library), "utf8");
    const unknown = file("queries/unknown.yaml", text.replace(/renal-function@[^\s}]+/, "no-such-list@2020"));
    const second = await cairn(["query", "check", unknown]);
    t.equal(second.code, 1);
    t.match(second.stdout + second.stderr, /unknown\.yaml:\d+.*no-such-list@2020/);
  },
);

t.test("a broken extract is told by file, and the store stays as it was", async (t) => {
  const before = await practice.must(
    "query",
    "run",
    join(library.pathname, "hypertension-register.yaml"),
    "--at",
    "2026-03-31",
    "--exact",
    "--json",
  );
  const wrongDelimiter = join(folder, "semicolons");
  file("semicolons/patients.csv", "patient_id;practice;date_of_birth;sex\n1;A;1950-01-01;male\n");
  file("semicolons/events.csv", "patient_id;date;code\n1;2020-01-01;1\n");
  const journal = ["agent", "import", "--format", "journal", "--complete-to", "2026-09-30"];
  told(t, await practice.run(...journal, wrongDelimiter), 1, /patients\.csv/);
  const truncated = file(
    "truncated/bundle.json",
    '{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient","id":"1"',
  );
  const fhir = await practice.run(
    "agent",
    "import",
    "--format",
    "fhir",
    "--registered-from",
    "birth",
    "--complete-to",
    "2026-09-30",
    truncated,
  );
  told(t, fhir, 4, /bundle\.json/);
  told(t, await practice.run(...journal, join(folder, "nowhere")), 4, /nowhere/);
  const after = await practice.must(
    "query",
    "run",
    join(library.pathname, "hypertension-register.yaml"),
    "--at",
    "2026-03-31",
    "--exact",
    "--json",
  );
  t.equal(after, before, "the same answer as before");
  t.equal(await coversTo(), "2026-06-30");
});

t.test("a join code that is mistyped, of another hub, expired or used by another is named", async (t) => {
  const invited = async (name: string): Promise<string> => {
    const args = ["hub", "invite", "--practice", name, "--group", "wrong", "--json"];
    return (JSON.parse(await federation.mustHub(...args)) as { code: string }).code;
  };
  const enrol = (code: string): Promise<ProcessResult> =>
    practice.run("agent", "enrol", "--join", code, "--hub", federation.addresses.grpc);
  const code = await invited("Expired Surgery");
  told(t, await enrol(code.slice(0, -3)), 3, /join code/);
  const db = openDatabase(join(federation.hubData, "hub.db"));
  db.prepare("UPDATE invitation SET expires_at = 1").run();
  db.close();
  told(t, await enrol(code), 3, /72 hours/);
  const elsewhere = new Federation({
    command,
    folder: join(folder, "other"),
    group: "other",
    offlineAfter: 60,
    library: few,
  });
  await elsewhere.initHub();
  const foreign = JSON.parse(
    await elsewhere.mustHub("hub", "invite", "--practice", "X", "--group", "g", "--json"),
  ) as { code: string };
  told(t, await enrol(foreign.code), 3, /join code/);
});

t.test("with the hub down, enrolment says so; when it is back, the same code works", async (t) => {
  const invited = JSON.parse(
    await federation.mustHub("hub", "invite", "--practice", "Input Surgery", "--group", "wrong", "--json"),
  ) as { code: string };
  const enrol = ["agent", "enrol", "--join", invited.code, "--hub", federation.addresses.grpc, "--json"];
  await federation.hub?.stop();
  told(t, await practice.run(...enrol), 4, /127\.0\.0\.1/);
  await federation.startHub();
  const { fingerprint } = JSON.parse(await practice.must(...enrol)) as { fingerprint: string };
  const wrong = await federation.runHub(
    "hub",
    "admit",
    "Input Surgery",
    "--fingerprint",
    "0000-0000-0000-0000-0000",
  );
  told(t, wrong, 3, /fingerprint/);
  await federation.mustHub("hub", "admit", "Input Surgery", "--fingerprint", fingerprint);

  const second = join(folder, "second"); // another machine, the same code
  t.equal((await cairn(["agent", "init", "--data", second])).code, 0);
  told(t, await cairn([...enrol, "--data", second]), 3, /join code|invit/);
});

t.test(
  "a revoked agent is refused at its next call and says so; nothing at the practice is lost",
  async (t) => {
    await practice.start();
    await federation.mustHub("hub", "revoke", "Input Surgery");
    const said = (): string => practice.agent?.log ?? "";
    t.ok(await within(PATIENCE_MS, () => /revoked/.test(said())), `the agent says so: ${said()}`);
    const courier = ["agent", "courier", "--socket", join(practice.data, "run", "keeper.sock")];
    told(t, await practice.run(...courier), 3, /revoked/); // what a service manager would see
    await practice.stop();
    t.equal(await coversTo(), "2026-06-30");
  },
);

t.test("on a full disk the import says so and the store stays as it was", async (t) => {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], { stdio: "ignore" });
  } catch {
    t.pass("a full disk", { skip: "a small file system cannot be mounted here (it needs root)" });
    return;
  }
  t.teardown(() => execFileSync("umount", ["-l", disk]));
  const data = join(disk, "agent");
  t.equal((await cairn(["agent", "init", "--data", data])).code, 0);
  const extract = join(folder, "large");
  await cairn([
    "synth",
    "--patients",
    "800",
    "--events-per-patient",
    "120",
    "--seed",
    "5",
    "--until",
    "2026-06-30",
    "--out",
    extract,
  ]);
  const args = [
    "agent",
    "import",
    "--data",
    data,
    "--format",
    "journal",
    "--complete-to",
    "2026-06-30",
    extract,
  ];
  told(t, await cairn(args), 4, /full/);
  execFileSync("mount", ["-o", "remount,size=64m", disk]);
  const again = await cairn([...args, "--json"]);
  t.equal(again.code, 0, again.stderr);
  t.equal((JSON.parse(again.stdout) as { patients: number }).patients, 800, "taken whole once there is room");
});

t.test("a port that is taken, a folder that holds no hub: one line each", async (t) => {
  const blocker = net.createServer();
  await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
  t.teardown(() => blocker.close());
  const { port } = blocker.address() as net.AddressInfo;
  const other = new Federation({
    command,
    folder: join(folder, "third"),
    group: "g",
    offlineAfter: 60,
    library: few,
  });
  await other.initHub();
  const serve = ["hub", "serve", "--data", other.hubData, "--port", "0", "--grpc-port", `${port}`];
  told(t, await cairn(serve), 4, new RegExp(`${port}`));
  told(
    t,
    await cairn(["hub", "serve", "--data", join(folder, "nothing")]),
    4,
    /say --data FOLDER .*cairn hub init/,
  );
});
