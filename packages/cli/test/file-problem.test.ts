/** A file that is not there, or may not be used, is a line that names it and exit 4; and H11 holds of its path. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { CAIRN } from "./fixtures/command.js";
import { fileProblem } from "../src/file-problem.js";

const dir = mkdtempSync(join(tmpdir(), "cairn-file-problem-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

function failing(path: string): unknown {
  try {
    return readFileSync(path);
  } catch (error) {
    return error;
  }
}

t.test("what was typed is said back with what the system says of it", (t) => {
  const [gone, file] = [join(dir, "gone"), join(dir, "file")];
  writeFileSync(file, "");
  t.equal(fileProblem(failing(gone), ["audit", gone]), `${gone}: no such file or directory`);
  t.equal(fileProblem(failing(gone), [`--hub=${gone}`]), `${gone}: no such file or directory`);
  t.equal(
    fileProblem(failing(gone), [dir, gone]),
    `${gone}: no such file or directory`,
    "the nearest of them",
  );
  t.equal(fileProblem(failing(join(file, "x")), [file]), `something in ${file}: not a directory`);
  t.equal(fileProblem(failing(dir), []), "a folder was given where a file is needed");
  t.end();
});

t.test(
  "of a file inside a folder that was named the folder alone is said; of one that nobody named, nothing",
  (t) => {
    const named = fileProblem(failing(join(dir, "CANARY-born-1931.json")), ["import", dir]);
    t.equal(named, `something in ${dir}: no such file or directory`);
    t.equal(fileProblem(failing(join(dir, "CANARY")), ["import", `${dir}-other`, "--json", ""]), null);
    t.equal(fileProblem(new Error(dir), [dir]), null);
    t.end();
  },
);

t.test("audit verify of a file that is not there is one line and exit 4", (t) => {
  const gone = join(dir, "gone");
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [CAIRN, "audit", "verify", "--hub", gone, "--practice", gone],
    { encoding: "utf8" },
  );
  t.same([status, stdout, stderr], [4, "", `cairn: ${gone}: no such file or directory\n`]);
  t.end();
});
