/** cairn audit report, register and pack on an officer's own machine: files in, a paper out, and an end as verify's. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { begun, releases } from "../../ledger/test/fixtures/exports.js";
import { CAIRN } from "./fixtures/command.js";

const dir = mkdtempSync(join(tmpdir(), "cairn-papers-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

function cairn(...args: string[]): { out: string; err: string; exit: number | null } {
  const done = spawnSync(process.execPath, [CAIRN, "audit", ...args], { encoding: "utf8", cwd: dir });
  return { out: done.stdout, err: done.stderr, exit: done.status };
}

const told = begun();
releases(told, "r1");
for (const { name, lines } of [told.hub(), told.practice()]) writeFileSync(join(dir, name), lines.join("\n"));
const BOTH = ["hub.ndjson", "alder.ndjson"];

t.test("an account is printed, or written as a page", async (t) => {
  const printed = cairn("report", ...BOTH);
  t.match(printed, {
    exit: 0,
    err: "",
    out: /^# What was asked, decided, released and seen: all of the time/,
  });
  const written = cairn("report", "--from", "2026-01-01", "--to", "2026-01-31", "--html", "a.html", ...BOTH);
  t.match(written, { exit: 0, out: "Written: a.html\n" });
  const lost = cairn("report", "--html", "gone/a.html", ...BOTH);
  t.match(lost.err, "gone/a.html cannot be written: its folder is not there; make it first");
  mkdirSync(join(dir, "folder"));
  t.match(cairn("report", "--html", "folder", ...BOTH).err, /cannot be written: it is a folder/);
  t.match(readFileSync(join(dir, "a.html"), "utf8"), /<h1>[^<]*1 January 2026 to 31 January 2026<\/h1>/);
});

t.test("the register is CSV with all its columns, or JSON in snake case", async (t) => {
  const { out, exit } = cairn("register", ...BOTH);
  t.equal(exit, 0);
  t.match(out, /^\uFEFF"group","query","version",.*"logs"\r\n/);
  t.match(out, /\r\n"glen","bp-control","1\.0\.0","Blood pressure"/);
  const { register } = JSON.parse(cairn("register", "--json", ...BOTH).out);
  const glen = register.find(({ group }: { group: string }) => group === "glen");
  t.match(glen, { lawful_basis: "UK GDPR article 6(1)(e).", kept_until: "2031-01-05", releases: 1 });
});

t.test("data protection papers are of all groups, or of one", async (t) => {
  t.match(cairn("pack", ...BOTH).out, /^## Glen: privacy notice$/m);
  const { out } = cairn("pack", "--group", "glen", ...BOTH);
  t.match(out, /^## glen: privacy notice$/m);
  t.notMatch(out, /^## Glen:/m);
  t.match(cairn("pack", "--group", "gone", ...BOTH), {
    exit: 2,
    out: "",
    err: /no question of a group "gone": there are Glen, glen$/m,
  });
});

t.test(
  "of logs that do not hold each is written all the same, and ends with 1 and the first thing",
  async (t) => {
    const altered = readFileSync(join(dir, "alder.ndjson"), "utf8").replace(
      '"by":"Dr Fell"',
      '"by":"Dr Mess"',
    );
    writeFileSync(join(dir, "altered.ndjson"), altered);
    for (const paper of ["report", "register", "pack"]) {
      const { exit, err, out } = cairn(paper, "hub.ndjson", "altered.ndjson");
      t.match({ exit, err }, { exit: 1, err: /^This does not hold: altered\.ndjson: / }, paper);
      t.match(out, /do not hold/, paper);
    }
  },
);

t.test("what is no file of one hub, and no day, is refused before anything is written", async (t) => {
  t.match(cairn("report", "hub.ndjson", "hub.ndjson"), {
    exit: 2,
    out: "",
    err: /two of these are a hub's export/,
  });
  t.match(cairn("report", "--to", "2026-02-30", ...BOTH), {
    exit: 2,
    out: "",
    err: /"2026-02-30" is no day/,
  });
  t.match(cairn("report", "--from", "2026-03-02", "--to", "2026-03-01", ...BOTH), {
    exit: 2,
    out: "",
    err: /--from 2026-03-02 is after --to 2026-03-01/,
  });
  t.match(cairn("report", "missing.ndjson"), { exit: 4, out: "", err: /missing\.ndjson/ });
});
