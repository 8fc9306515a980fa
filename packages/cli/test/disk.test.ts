/** A full disk, and a read-only one, are named as that, whatever was asked for; and a reader that has seen enough is no fault. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CAIRN, mustRun } from "./fixtures/command.js";
import t from "tap";

t.setTimeout(120_000);
const dir = mkdtempSync(join(tmpdir(), "cairn-full-disk-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

const elsewhere = mkdtempSync(join(tmpdir(), "cairn-full-disk-said-"));
t.teardown(() => rmSync(elsewhere, { recursive: true, force: true }));

const canMount =
  spawnSync("unshare", ["--mount", "--", "mount", "-t", "tmpfs", "tmpfs", dir], { stdio: "ignore" })
    .status === 0;
const skip: string | false = canMount ? false : "only root can mount the small disk that this fills";

/** Leaves room on the disk for an agent, a hub and nothing else. */
const FILL = "dd if=/dev/zero of=$D/fill bs=4k";
const MAKE_READ_ONLY = "mount -o remount,ro $D";

/** Does each command on a disk of 3 MB that holds an agent and a hub, once `spoil` is done to it. `$D` is that disk. */
function onDisk(
  spoil: string,
  commands: readonly string[],
): { command: string; status: number; words: string }[] {
  const script = [
    `D=${dir}; cairn() { ${JSON.stringify(process.execPath)} ${JSON.stringify(CAIRN)} "$@"; }`,
    "mount -t tmpfs -o size=3m tmpfs $D && cd $D || exit 1",
    "cairn agent init --data $D/a && cairn hub init --data $D/h || exit 1",
    spoil,
    ...commands.map((command, i) => `( ${command} ) >/dev/null 2>${elsewhere}/${i}; echo "rc $?"`),
  ];
  const { stdout, stderr } = spawnSync("unshare", ["--mount", "--", "bash", "-c", script.join("\n")], {
    encoding: "utf8",
  });
  const codes = [...stdout.matchAll(/^rc (\d+)$/gm)].map(([, code]) => Number(code));
  if (codes.length !== commands.length) throw new Error(stdout + stderr);
  return commands.map((command, i) => {
    const words = spawnSync("cat", [join(elsewhere, String(i))], { encoding: "utf8" }).stdout;
    return { command, status: codes[i]!, words };
  });
}

t.test("each command on a full disk says that it is full, in one line, and exits with 4", { skip }, (t) => {
  const journal = join(elsewhere, "journal");
  spawnSync("mkdir", [journal]);
  writeFileSync(join(journal, "patients.csv"), "patient_id\nA\n");
  writeFileSync(join(journal, "events.csv"), "patient_id,date,code\nA,2015-01-01,1\n");
  const done = onDisk(FILL, [
    "cairn agent init --data $D/b",
    "cairn agent init", // the folder is nobody's words
    "cairn agent pause --data $D/a",
    "cairn agent status --data $D/a",
    "cairn agent backup --data $D/a --out $D/c",
    "cairn agent start --data $D/a --page-port 0",
    `cairn agent import --data $D/a --format journal --registered-from first-record ${journal}`,
    "cairn hub init --data $D/i",
    "cairn hub invite --practice X --group G --data $D/h",
    "cairn hub backup --data $D/h --out $D/j",
    "cairn hub serve --data $D/h --port 0 --grpc-port 0",
    "cairn agent init --help > $D/out",
  ]);
  for (const { command, status, words } of done) {
    t.equal(status, 4, command);
    t.match(words, /^cairn: [^\n]*the disk is full[:;] free some space and try again\n$/, command);
  }
  t.end();
});

t.test(
  "each command on a read-only disk says that it is read-only, and not that something is not there",
  { skip },
  (t) => {
    const done = onDisk(MAKE_READ_ONLY, [
      "cairn agent init --data $D/b",
      "cairn agent init --data $D/b/in/it",
      "cairn agent init", // the folder is nobody's words
      "cairn agent pause --data $D/a",
      "cairn agent status --data $D/a",
      "cairn agent start --data $D/a --page-port 0",
      "cairn agent backup --data $D/a --out $D/c",
      "cairn agent restore --from $D/a --data $D/c",
      "cairn hub init --data $D/i",
      "cairn hub invite --practice X --group G --data $D/h",
      "cairn hub serve --data $D/h --port 0 --grpc-port 0",
      "cairn demo --once --keep $D/demo",
    ]);
    for (const { command, status, words } of done) {
      t.equal(status, 4, command);
      t.match(
        words,
        /^cairn: [^\n]*disk is read-only[:;] make it writable, or choose another folder\n$/,
        command,
      );
    }
    t.end();
  },
);

t.test("a night on a full disk is taken once there is room", { skip }, (t) => {
  const night = join(elsewhere, "inbox/night");
  mkdirSync(night, { recursive: true });
  writeFileSync(join(night, "patients.csv"), "patient_id\nA\n");
  writeFileSync(join(night, "events.csv"), "patient_id,date,code\nA,2015-01-01,1\n");
  writeFileSync(join(night, "manifest.json"), '{"covers_to": "2015-01-02"}');
  const watch = `cairn agent watch --once --rest 0 --data $D/a --format journal --registered-from first-record ${join(elsewhere, "inbox")}`;
  const [full, roomy] = onDisk(FILL, [watch, `rm $D/fill; ${watch}`]);
  t.equal(full?.status, 4);
  t.match(full?.words, /^cairn: [^\n]*the disk is full; free some space and try again\n$/);
  t.same([roomy?.status, roomy?.words], [0, ""]);
  t.end();
});

t.test("doctor goes on where the disk is full", { skip }, (t) => {
  const [doctor] = onDisk(FILL, ["cairn agent doctor --data $D/a"]);
  t.equal(doctor?.status, 1);
  t.equal(doctor?.words, "");
  t.end();
});

t.test(
  "a command whose reader has seen enough ends quietly, with the exit code of what it did",
  async (t) => {
    const data = join(dir, "agent");
    await mustRun(["agent", "init", "--data", data]);
    const piped = (...args: string[]) => {
      const command = [process.execPath, CAIRN, ...args].map((word) => JSON.stringify(word)).join(" ");
      // The reader is gone before the first word is written.
      const script = `{ sleep 0.2; ${command}; echo "rc $?" >&2; } | true; exit 0`;
      return spawnSync("bash", ["-c", script], { encoding: "utf8" }).stderr;
    };
    for (const args of [
      ["--help"],
      ["agent", "log", "--data", data],
      ["agent", "log", "--json", "--data", data],
      ["agent", "rules", "--data", data],
      ["agent", "status", "--data", data], // starts itself again without a network
    ])
      t.equal(piped(...args), "rc 0\n", args.join(" "));
    t.match(
      piped("agent", "log", "--data", join(dir, "none")),
      /^cairn: there is no keeper in [^\n]*: say --data FOLDER [^\n]*\nrc 4\n$/,
    );
    const both = `{ sleep 0.2; ${JSON.stringify(process.execPath)} ${JSON.stringify(CAIRN)} agent log --data ${dir}/none; echo $? > ${dir}/rc; } 2>&1 | true`;
    spawnSync("bash", ["-c", both]);
    t.equal(
      spawnSync("cat", [join(dir, "rc")], { encoding: "utf8" }).stdout,
      "4\n",
      "nor where both are gone",
    );
  },
);
