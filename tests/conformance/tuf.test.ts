/**
 * Our TUF client against the cases of the public suite `theupdateframework/tuf-conformance`, told again here under its
 * names, and against others of the specification. The package's README says how many hold.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t from "tap";
import { cases as basic } from "./tuf-client/cases.js";
import { cases as delegation, others } from "./tuf-client/cases-delegation.js";
import { cases as keys } from "./tuf-client/cases-keys.js";
import { Trial } from "./tuf-client/trial.js";

const suite = new Map([...basic, ...keys, ...delegation]);

for (const [name, run] of [...suite, ...others])
  t.test(name, async (t) => {
    const trial = new Trial(t.testdir({}));
    await run(t, trial, trial.repo);
  });

t.test("the README says how many cases there are, all of which hold here", async (t) => {
  const readme = readFileSync("packages/signed-library/README.md", "utf8").replace(/\s+/g, " ");
  t.match(readme, `${suite.size} of ${suite.size} cases`);
  t.match(readme, `${others.size} more`);
});

t.test("the program: its command line and its requests", async (t) => {
  const dir = t.testdir({});
  const trial = new Trial(dir, Date.now()); // the program takes the machine's time
  const { repo } = trial;
  repo.addTarget("targets", "one", "content");
  repo.publish("targets", "snapshot", "timestamp");
  await trial.init();
  const server = createServer((request, response) => {
    const found = repo.files.get(request.url!.slice(1)) ?? repo.targetFiles.get(request.url!.slice(1));
    response.writeHead(found ? 200 : 404).end(found);
  }).listen(0, "127.0.0.1");
  t.teardown(() => server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const metadata = ["--metadata-dir", join(dir, "metadata"), "--metadata-url", url];
  const program = async (...args: string[]): Promise<number | null> => {
    const child = spawn(process.execPath, [
      "--import=tsx",
      "tests/conformance/tuf-client/main.ts",
      ...metadata,
      ...args,
    ]);
    return new Promise((resolve) => child.once("exit", resolve));
  };
  const download = ["--target-base-url", url, "--target-dir", join(dir, "targets"), "--target-name"];
  t.equal(await program(...download, "one", "download"), 0);
  t.equal(readFileSync(join(dir, "targets/target-one"), "utf8"), "content");
});
