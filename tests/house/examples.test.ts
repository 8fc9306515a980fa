/** The examples' READMEs, typed as they stand there: each command prints what its README says that one sees. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t from "tap";
import { CAIRN } from "../../packages/cli/test/fixtures/command.js";
import { fencesOf, unseen } from "../first-days/readme.js";

const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));
/** What somebody who followed an example in this checkout has left there. */
const MADE = new Set(["records", "journal", "sandbox"]);
const run = promisify(execFile);

for (const example of ["own-query", "spreadsheet"]) {
  t.test(`${example} does what its README says`, { timeout: 240_000 }, async (t) => {
    const folder = t.testdir();
    const here = join(folder, "here");
    const bin = join(folder, "bin");
    cpSync(join(EXAMPLES, example), here, { recursive: true, filter: (path) => !MADE.has(basename(path)) });
    mkdirSync(bin);
    symlinkSync(CAIRN, join(bin, "cairn"));
    const env = { PATH: [bin, dirname(process.execPath), process.env["PATH"]].join(delimiter) };

    const readme = readFileSync(join(here, "README.md"), "utf8");
    const headings = [...readme.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading as string);
    const commands = headings.flatMap((heading) => fencesOf(readme, heading).flat());
    t.ok(commands.length >= 4, "the README has commands");
    for (const { line, sees } of commands) {
      const { stdout } = await run("sh", ["-c", line], { cwd: here, env });
      t.equal(unseen(sees, stdout), undefined, line);
    }
  });
}
