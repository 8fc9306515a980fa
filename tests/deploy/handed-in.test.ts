/** The keeper's page reaches this machine's browser through a socket that the keeper could not have opened itself. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import t from "tap";
import { certified } from "../../packages/courier/test/fixtures/certificates.js";
import { fromDesk } from "../../packages/keeper/test/fixtures/desks.js";
import { CAIRN as COMMAND } from "../../packages/cli/test/fixtures/command.js";

const CAIRN = [process.execPath, COMMAND];
const missing =
  spawnSync("systemd-socket-activate", ["--version"]).status !== 0
    ? "systemd-socket-activate is not here"
    : spawnSync("unshare", ["--map-root-user", "--net", "true"]).status !== 0 && "no network namespaces here";

t.test(
  "a keeper without a network serves its page on a handed-in socket",
  { skip: missing, timeout: 120_000 },
  async (t) => {
    // Not the test's own folder: the path of a Unix socket may have 107 bytes.
    const folder = mkdtempSync(join(tmpdir(), "cairn-"));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const [node = "", ...cairn] = CAIRN;
    t.equal(spawnSync(node, [...cairn, "agent", "init", "--data", folder]).status, 0);
    const port = await freePort();
    const keeper = [...CAIRN, "agent", "keeper", "--data", folder, "--socket", join(folder, "k.sock")];
    // Like the unit: the manager listens in this machine's network, the keeper is started in an empty one.
    const manager = spawn("systemd-socket-activate", [
      "-l",
      `127.0.0.1:${port}`,
      "unshare",
      "--map-root-user",
      "--net",
      ...keeper,
    ]);
    t.teardown(async () => {
      manager.kill("SIGTERM");
      if (manager.exitCode === null && manager.signalCode === null) await once(manager, "exit");
    });
    const ready = once(manager.stdout, "data");
    const page = await fetched(`http://127.0.0.1:${port}/`);
    t.equal(page.status, 200);
    t.match(await page.text(), /<h1>/);
    t.equal((JSON.parse(String((await ready)[0])) as { network: string }).network, "isolated");
  },
);

t.test(
  "two handed-in sockets are told apart by the names of their units",
  { skip: missing, timeout: 120_000 },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "cairn-"));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const [node = "", ...cairn] = CAIRN;
    t.equal(spawnSync(node, [...cairn, "agent", "init", "--data", folder]).status, 0);
    const [here, there] = [await freePort(), await freePort()];
    const { certificate, key } = await certified(folder, "practice");
    const desks = ["--page-certificate", certificate, "--page-key", key];
    const keeper = [
      ...CAIRN,
      "agent",
      "keeper",
      "--data",
      folder,
      "--socket",
      join(folder, "k.sock"),
      ...desks,
    ];
    const sockets = ["-l", `127.0.0.2:${there}`, "-l", `127.0.0.1:${here}`, "--fdname=desks:pages"];
    const manager = spawn("systemd-socket-activate", [
      ...sockets,
      ...["unshare", "--map-root-user", "--net", ...keeper],
    ]);
    t.teardown(async () => {
      manager.kill("SIGTERM");
      if (manager.exitCode === null && manager.signalCode === null) await once(manager, "exit");
    });
    t.equal((await fetched(`http://127.0.0.1:${here}/`)).status, 200);
    const atDesk = await fromDesk({ port: there });
    t.equal(atDesk.headers["location"], "/sign-in?to=%2F");
  },
);

/** The manager takes a moment to listen. */
async function fetched(url: string): Promise<Response> {
  for (let tries = 0; ; tries++) {
    try {
      return await fetch(url);
    } catch (error) {
      if (tries === 300) throw error;
      await pause(100);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
