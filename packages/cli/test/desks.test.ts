/** An agent whose pages are open to other desks: what its commands say, and what is left when it is killed. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import t, { type Test } from "tap";
import { certified } from "../../courier/test/fixtures/certificates.js";
import { fromDesk } from "../../keeper/test/fixtures/desks.js";
import { cairn, command, mustRun } from "./fixtures/command.js";

t.setTimeout(600_000);

async function agent(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), "cairn-desks-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, "a");
  await mustRun(["agent", "init", "--data", data]);
  return { folder, data };
}

interface Ready {
  readonly page: string;
  readonly desks: string;
  readonly network: string;
  readonly pids: { readonly keeper: number; readonly courier: number };
}

function start(data: string, address: string, files: { certificate: string; key: string }): string[] {
  const own = ["--page-address", address, "--page-certificate", files.certificate, "--page-key", files.key];
  return ["agent", "start", "--data", data, "--page-port", "0", "--json", ...own];
}

const listens = ({ hostname, port }: URL): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });

/** Waits until both pages are, or are not, listened for. */
async function untilBoth(pages: readonly URL[], wanted: boolean): Promise<boolean> {
  for (let tries = 0; tries < 600; tries++) {
    const now = await Promise.all(pages.map(listens));
    if (now.every((each) => each === wanted)) return true;
    await pause(100);
  }
  return false;
}

t.test(
  "status, doctor and link say that pages are open, and nothing listens when it is killed",
  async (t) => {
    const { folder, data } = await agent(t);
    const files = await certified(folder, "practice");
    const { service, ready } = await command.start<Ready>("agent", start(data, "127.0.0.2:0", files), {}, 90);
    t.teardown(() => service.stop());
    const desks = new URL(ready.desks);
    t.match(ready.desks, /^https:\/\/127\.0\.0\.2:\d+$/);
    t.equal((await fromDesk({ port: Number(desks.port) })).status, 303, "signing in comes first");
    await mustRun(["agent", "person", "add", "Ada", "--role", "clinician", "--data", data]);
    const link = JSON.parse(await mustRun(["agent", "person", "link", "Ada", "--json", "--data", data])) as {
      link: string;
    };
    t.ok(link.link.startsWith(`${ready.desks}/first-visit/`), link.link);
    const status = JSON.parse(await mustRun(["agent", "status", "--json", "--data", data])) as object;
    const { certificate } = files;
    t.match(status, {
      desks: { address: ready.desks, certificate, problem: null, with_codes: 0, without_codes: ["Ada"] },
    });
    const { stdout } = await cairn(["agent", "doctor", "--data", data]);
    t.match(
      stdout,
      `holds     the pages at other desks: Pages are open to other desks at ${ready.desks}; their cert`,
    );
    t.match(stdout, /so not let in from there: Ada/);
    t.match(stdout, "holds     the keeper that runs now: it cannot reach any network");

    const pages = [new URL(ready.page), desks];
    t.ok(await untilBoth(pages, true));
    const ended = service.ended;
    service.kill();
    await ended;
    t.ok(await untilBoth(pages, false), "nothing listens");
  },
);

t.test(
  "a certificate that has ended leaves the agent running without these pages, and is said",
  async (t) => {
    const { folder, data } = await agent(t);
    const own = await certified(folder, "own", { until: "2026-01-01" });
    const { service, ready } = await command.start<Ready>("agent", start(data, "127.0.0.2:0", own), {}, 90);
    t.teardown(() => service.stop());
    t.equal(ready.desks, null);
    t.ok(await untilBoth([new URL(ready.page)], true), "the page of this machine is there");
    const status = JSON.parse(await mustRun(["agent", "status", "--json", "--data", data])) as object;
    const problem = /own\.pem ended at Jan +1 .* 2026 GMT: have it renewed, then start the agent again$/;
    t.match(status, { desks: { ended: true, problem } });
  },
);

t.test("a certificate that cannot be used ends the start with its reason", async (t) => {
  const { folder, data } = await agent(t);
  const own = await certified(folder, "own", { names: [{ type: "ip", value: "10.9.9.9" }] });
  const ended = await cairn(start(data, "127.0.0.2:0", own));
  t.equal(ended.code, 4);
  t.match(ended.stderr, /own\.pem is made out to 10\.9\.9\.9, and not to 127\.0\.0\.2: have it made out to/);
  const wide = await cairn(start(data, "8.8.8.8:8651", own));
  t.match(wide, { code: 2, stderr: /8\.8\.8\.8:8651: not an address of a private network/ });
});
