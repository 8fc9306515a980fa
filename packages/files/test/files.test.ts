import fs, { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join } from "node:path";
import t, { type Test } from "tap";
import { renameDurably, writeWhole } from "@cairn/files";

const diskFull = (words: string, cause: unknown): Error => new Error(words, { cause });

t.test("a file is written whole, for its owner alone, in the place of another", async (t) => {
  const folder = t.testdir({ "state.json": "before" });
  const path = join(folder, "state.json");
  writeWhole(path, "é".repeat(100_000), { diskFull });
  t.equal(readFileSync(path, "utf8"), "é".repeat(100_000));
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.same(readdirSync(folder), ["state.json"], "and nothing beside it");
});

t.test("one that fails before it has its name leaves what was there, and no part of itself", async (t) => {
  const folder = t.testdir({ "state.json": "before" });
  const path = join(folder, "state.json");
  const stops = (): never => {
    throw new Error("stopped");
  };
  t.throws(() => writeWhole(path, "after", { diskFull, beforeNaming: stops }), { message: "stopped" });
  t.equal(readFileSync(path, "utf8"), "before");
  t.same(readdirSync(folder), ["state.json"]);
});

t.test("a full disk is said in the caller's error; any other is as it came", async (t) => {
  const path = join(t.testdir(), "state.json");
  const full = (): never => {
    throw Object.assign(new Error("write"), { code: "ENOSPC" });
  };
  t.throws(() => writeWhole(path, "x", { diskFull, beforeNaming: full }), {
    message: `${path} cannot be written: the disk is full; free some space and try again`,
  });
  t.throws(() => writeWhole(join(path, "no", "folder"), "x", { diskFull }), { code: "ENOENT" });
  t.notOk(existsSync(path));
});

/** What `work` brings to the disk and renames, in order. */
function callsDuring(t: Test, work: () => void): string[] {
  const calls: string[] = [];
  const names = new Map<number, unknown>();
  const { openSync, fsyncSync, renameSync } = fs;
  t.teardown(() => {
    Object.assign(fs, { openSync, fsyncSync, renameSync });
    syncBuiltinESMExports();
  });
  fs.openSync = (path, ...rest) => {
    const file = openSync(path, ...rest);
    names.set(file, path);
    return file;
  };
  fs.fsyncSync = (file) => {
    calls.push(`sync ${String(names.get(file))}`);
    fsyncSync(file);
  };
  fs.renameSync = (from, to) => {
    calls.push(`rename ${String(to)}`);
    renameSync(from, to);
  };
  syncBuiltinESMExports();
  work();
  return calls;
}

t.test("the bytes are on the disk before the name, and the name before it returns", async (t) => {
  const path = join(t.testdir(), "key.pem");
  const calls = callsDuring(t, () => writeWhole(path, "x", { diskFull }));
  t.same(calls, [`sync ${path}.part`, `rename ${path}`, `sync ${dirname(path)}`]);
});

t.test("a rename between folders brings both to the disk", async (t) => {
  const folder = t.testdir({ a: "x", new: {} });
  const to = join(folder, "new", "b");
  const calls = callsDuring(t, () => renameDurably(join(folder, "a"), to));
  t.same(calls, [`rename ${to}`, `sync ${join(folder, "new")}`, `sync ${folder}`]);
  t.equal(readFileSync(to, "utf8"), "x");
});
