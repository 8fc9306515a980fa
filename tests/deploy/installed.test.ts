/** What `deploy/install.mjs` makes, in a folder far from the checkout: an agent and a hub that begin, and nothing more. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";

const INSTALL = fileURLToPath(new URL("../../deploy/install.mjs", import.meta.url));
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

async function install(side: "agent" | "hub"): Promise<string> {
  const folder = join(dir, side);
  const { code, err } = await run(process.execPath, [INSTALL, side, folder]);
  if (code !== 0) throw new Error(`${side} is not installed: ${err}`);
  return folder;
}

const [agent, hub] = await Promise.all([install("agent"), install("hub")]);
const cairn = (folder: string, ...args: string[]): Promise<Ran> =>
  run(join(folder, "node_modules/.bin/cairn"), args);
const rooms = (folder: string): string[] => readdirSync(join(folder, "node_modules/@cairn"));

/** What three people do before a hub has a library. @returns how the last of them signed */
async function firstLibrary(cluster: string, library: readonly string[]): Promise<Ran> {
  const at = (name: string): string => join(dir, name);
  writeFileSync(at("words"), "invented people only");
  const pass = ["--passphrase-file", at("words")];
  const people = { Ann: "clinical", Ben: "governance", Cat: "root" };
  await Promise.all(
    Object.entries(people).map(([name, kind]) =>
      cairn(hub, "library", "key", "new", name, "--kind", kind, "--dir", dir, ...pass, "--work-factor", "2"),
    ),
  );
  writeFileSync(at("hub.pub"), (await cairn(hub, "hub", "library-key", "--data", cluster)).out);
  const who = [
    "--root",
    at("Ann.pub"),
    at("Ben.pub"),
    at("Cat.pub"),
    "--signer",
    at("Ann.pub"),
    at("Ben.pub"),
  ];
  await cairn(hub, "library", "init", ...who, "--hub", at("hub.pub"), ...library);
  await cairn(hub, "library", "add", "--queries", ...library);
  await cairn(hub, "library", "sign", "--key", at("Ann.key"), ...pass, "--yes", ...library);
  return cairn(hub, "library", "sign", "--key", at("Ben.key"), ...pass, "--yes", ...library);
}

t.test("each begins with its own command, and says of the other's what it comes with", async (t) => {
  const [practice, cluster] = [join(dir, "practice"), join(dir, "cluster")];
  t.match(await cairn(agent, "agent", "init", "--data", practice), { code: 0, err: "" });
  t.match(await cairn(hub, "hub", "init", "--data", cluster), { code: 0 });
  const library = ["--dir", join(dir, "library")];
  t.match(await firstLibrary(cluster, library), { code: 0, err: /cairn library publish/ });
  const publish = await cairn(hub, "library", "publish", ...library, "--data", cluster);
  t.match(publish, { code: 0, out: /^Version 1 is published: \d+ queries/ });
  t.match(await cairn(agent, "agent", "status", "--data", practice), { code: 0, out: /Not enrolled yet/ });
  for (const [folder, word, from] of [
    [agent, "hub", "@cairn/hub"],
    [hub, "agent", "@cairn/agent"],
  ] as const)
    t.match(await cairn(folder, word, "init"), { code: 2, err: `it comes with ${from}` });
});

t.test("neither carries the other, a test kit, a demo, a source or a test", async (t) => {
  const [here, there] = [rooms(agent), rooms(hub)];
  t.ok(here.includes("keeper") && here.includes("courier") && there.includes("hub"));
  for (const room of ["hub", "testkit", "demo", "synthetic"])
    t.notOk(here.includes(room), `an agent has no ${room}`);
  for (const room of ["agent", "keeper", "courier", "records", "importers", "testkit", "demo", "synthetic"])
    t.notOk(there.includes(room), `a hub has no ${room}`);
  for (const folder of [agent, hub])
    for (const room of rooms(folder)) {
      const place = join(folder, "node_modules/@cairn", room);
      const files = readdirSync(place, { recursive: true, encoding: "utf8" });
      t.ok(existsSync(join(place, "README.md")) && existsSync(join(place, "LICENSE")), room);
      t.same(
        files.filter(
          (file) => /^(src|test)\b|(?<!\.d)\.ts$|tsconfig/.test(file) && !file.includes("node_modules"),
        ),
        [],
        `${room}: no source, no test`,
      );
    }
});

t.test("an unforeseen error is told with places in our packages, and in no others", async (t) => {
  const script = join(agent, "node_modules/@cairn/cli/fails.mjs");
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
  const files = readdirSync(join(agent, "node_modules/@cairn/cli/bundle"));
  t.ok(files.length < 400, "few files");
  writeFileSync(join(agent, "node_modules/@cairn/keeper/migrations/keeper/999-broken.sql"), "no such words;");
  const { code, err } = await cairn(agent, "agent", "init", "--data", join(dir, "broken"));
  t.equal(code, 1);
  t.match(
    err,
    / at packages\/sqlite\/dist\/migrate\.js:\d+:\d+ .* at packages\/keeper\/dist\/store\/store\.js:/,
  );
  t.notMatch(err, "bundle");
});
