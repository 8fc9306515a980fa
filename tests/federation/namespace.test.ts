/** H1: the process that reads records has no network, and the operating system is what keeps it so. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import t from "tap";
import { CAIRN, mustRun } from "../../packages/cli/test/fixtures/command.js";
import { certified } from "../../packages/courier/test/fixtures/certificates.js";
import { fromDesk } from "../../packages/keeper/test/fixtures/desks.js";
import { connectKeeper } from "@cairn/wire/grpc";

const WAYS = [
  ["unshare", "--net", "--"],
  ["unshare", "--user", "--map-current-user", "--net", "--"],
] as const;
const way = WAYS.find(([command, ...rest]) => spawnSync(command, [...rest, "true"]).status === 0);
const skip = way
  ? false
  : "this system cannot give an empty network namespace: H1 is not enforced here, and doctor says so";

/** Tries to connect out, in the same way as the keeper is started. Prints the error's code. */
const CONNECT_OUT = `
  const socket = require("node:net").connect({ host: process.argv[1], port: Number(process.argv[2]) });
  socket.once("connect", () => { console.log("connected"); process.exit(0); });
  socket.once("error", (error) => { console.log(error.code); process.exit(0); });
`;

t.test(
  "without a network the keeper answers its socket and its page, and can reach nothing",
  { skip },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "h1-"));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const data = join(folder, "a");
    await mustRun(["agent", "init", "--data", data]);

    const page = net.createServer();
    await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
    const { port } = page.address() as net.AddressInfo;
    const fd = (page as unknown as { _handle: { fd: number } })._handle.fd;
    const [command, ...rest] = way as readonly [string, ...string[]];
    const desk = net.createServer();
    await new Promise<void>((resolve) => desk.listen(0, "127.0.0.2", resolve));
    const { port: deskPort } = desk.address() as net.AddressInfo;
    const deskFd = (desk as unknown as { _handle: { fd: number } })._handle.fd;
    const files = await certified(folder, "practice", { until: "2100-01-01" });
    const open = ["--desk-fd", "4", "--page-certificate", files.certificate, "--page-key", files.key];
    const keeper = [process.execPath, CAIRN, "agent", "keeper", "--data", data, "--page-fd", "3", ...open];
    const child = spawn(command, [...rest, ...keeper], { stdio: ["ignore", "pipe", "inherit", fd, deskFd] });
    t.teardown(() => void child.kill("SIGKILL"));
    page.close();
    desk.close();
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).once("line", resolve);
      child.once("exit", () => reject(new Error("the keeper ended before it was ready")));
    });
    const ready = JSON.parse(line) as { socket: string; network: string };
    t.equal(ready.network, "isolated", "it says itself that it has no network");

    const api = connectKeeper(ready.socket);
    t.teardown(() => api.close());
    t.equal((await api.describe({})).network, "isolated", "its Unix socket answers");
    const home = await fetch(`http://127.0.0.1:${port}/`);
    t.equal(home.status, 200, "its page answers through the socket that was handed in");
    t.match(await home.text(), /This process cannot reach any network/);
    t.match(home.headers.get("content-security-policy"), /default-src 'none'/);
    const atDesk = await fromDesk({ port: deskPort });
    t.equal(atDesk.headers["location"], "/sign-in?to=%2F", "so do its pages at other desks, by TLS");

    const listener = net.createServer((socket) => socket.end());
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    t.teardown(() => listener.close());
    const outside = String((listener.address() as net.AddressInfo).port);
    const out = (host: string, to: string, prefix: readonly string[]) => {
      const [first, ...more] = [...prefix, process.execPath, "-e", CONNECT_OUT, host, to];
      const ran = spawn(first, more, { stdio: ["ignore", "pipe", "inherit"] });
      return new Promise<string>((resolve) =>
        ran.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim())),
      );
    };
    // The very namespace of the running keeper, entered by its process id.
    const inside = [
      "nsenter",
      ...(rest.includes("--user") ? ["--user", "--preserve-credentials"] : []),
      "--net",
      `--target=${child.pid}`,
      "--",
    ];
    t.equal(await out("127.0.0.1", outside, []), "connected", "outside, the listener can be reached");
    t.match(
      await out("127.0.0.1", outside, inside),
      /^(ENETUNREACH|EADDRNOTAVAIL|ECONNREFUSED)$/,
      "inside, this machine cannot",
    );
    t.equal(await out("192.0.2.1", "443", inside), "ENETUNREACH", "nor can any other");
    t.match(
      await out("127.0.0.2", String(deskPort), inside),
      /^(ENETUNREACH|EADDRNOTAVAIL|ECONNREFUSED)$/,
      "nor its own pages by their address: the socket is the one way, and it leads in",
    );
  },
);
