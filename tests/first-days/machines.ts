/**
 * Machines for a story: each has its own network, its own /var/lib, /etc/hosts and processes, as namespaces of Linux
 * give them, and a cable to the hub's machine. A shell on one runs a command as it is written. Where a system gives no
 * namespaces, they are folders and ports of one machine, and a command is rewritten to name those.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { type ProcessResult } from "@cairn/demo";

const OWN_NAMESPACES = ["--mount", "--net", "--pid"];
/** A process that ends when this test does, and with it everything on its machine. */
const UNSHARE = ["unshare", ...OWN_NAMESPACES, "--fork", "--kill-child", "--"];
/** Says which process it is for those outside, before it has a /proc of its own. */
const FURNISH = `read pid rest < /proc/self/stat && mount -t proc proc /proc && mount --bind "$1" /var/lib &&
  mount --bind "$2" /etc/hosts && ip link set lo up && echo $pid && exec cat`;
const READY_MS = 60_000;

/** Where something of a command is on this machine, if it is not where the command says. */
type Rewrite = (text: string) => string;

/** Why this system cannot give namespaces; null where it can. */
export function withoutNamespaces(): string | null {
  const way = process.getuid?.() === 0 ? [] : ["unshare", "--user", "--map-root-user", "--"];
  const [command = "", ...args] = [...way, ...UNSHARE, "ip", "link", "set", "lo", "up"];
  return spawnSync(command, args).status === 0
    ? null
    : "this system gives no network namespaces, or has no iproute2: hub and practices share one machine";
}

export class Machine {
  readonly folder: string;
  readonly #enter: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  /** What a text of the README is on this machine. */
  readonly here: Rewrite;
  readonly #services: ChildProcess[] = [];

  /** @param enter a command that runs another on it; none where it is this machine */
  constructor(
    folder: string,
    env: NodeJS.ProcessEnv,
    enter: readonly string[],
    here: Rewrite = (text) => text,
  ) {
    [this.folder, this.#env, this.#enter, this.here] = [folder, env, enter, here];
  }

  /** The same machine, from another folder. */
  at(folder: string): Machine {
    return new Machine(folder, this.#env, this.#enter, this.here);
  }

  /** Types a line into a shell, and waits for its end. */
  run(line: string): Promise<ProcessResult> {
    const child = this.#shell(line);
    const said = printed(child);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ code, signal, ...said() }));
    });
  }

  /** Types a line that goes on until it is stopped. @returns what it printed until `ready` held of it */
  async begin(line: string, ready: (stdout: string) => boolean): Promise<string> {
    const child = this.#shell(line);
    this.#services.push(child);
    const said = printed(child);
    for (const end = Date.now() + READY_MS; !ready(said().stdout);) {
      if (child.exitCode !== null || Date.now() > end)
        throw new Error(`${line} did not get ready:\n${said().stdout}${said().stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return said().stdout;
  }

  /** Ends what goes on here, as Ctrl-C does: the shell and what it started. */
  async stop(): Promise<void> {
    const running = this.#services.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    const ended = running.map((child) => new Promise((resolve) => child.once("exit", resolve)));
    for (const { pid } of running) if (pid !== undefined) process.kill(-pid, "SIGINT");
    await Promise.all(ended);
  }

  #shell(line: string): ChildProcess {
    const typed = ["sh", "-c", `cd ${this.folder} && ${this.here(line)}`];
    const [command = "", ...args] = [...this.#enter, ...typed];
    return spawn(command, args, { env: this.#env, detached: true });
  }
}

function printed(child: ChildProcess): () => { stdout: string; stderr: string } {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdin?.end();
  child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
  return () => ({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
}

/** Machines that know the first of them by name, each joined to it by a cable of its own. */
export class Machines {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #holders: ChildProcess[] = [];
  /** Where there is no root: one user namespace, in which all machines are made. */
  #asRoot: string[] = [];
  #hub = 0;
  #hubPorts: readonly [agents: number, pages: number] | null = null;
  #cables = 0;

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    [this.#folder, this.#env] = [folder, env];
  }

  /** @param name its folder's, too; the first machine is the one that others know as `hub.example.org` */
  async add(name: string): Promise<Machine> {
    if (withoutNamespaces() !== null) return this.#shared(join(this.#folder, name));
    if (process.getuid?.() !== 0 && this.#asRoot.length === 0) {
      const pid = await this.#hold([
        "unshare",
        "--user",
        "--map-root-user",
        "--",
        "sh",
        "-c",
        "echo $$; exec cat",
      ]);
      this.#asRoot = ["nsenter", "--user", "--preserve-credentials", `--target=${pid}`, "--"];
    }
    const folder = join(this.#folder, name);
    const [state, hosts] = [join(folder, "var-lib"), join(folder, "hosts")];
    mkdirSync(state, { recursive: true });
    const cable = this.#hub === 0 ? null : ++this.#cables;
    writeFileSync(
      hosts,
      `127.0.0.1 localhost\n${cable === null ? "" : `10.77.${cable}.1 hub.example.org\n`}`,
    );
    const pid = await this.#hold([...this.#asRoot, ...UNSHARE, "sh", "-c", FURNISH, "sh", state, hosts]);
    if (cable === null) this.#hub = pid;
    else this.#layCable(cable, pid);
    const enter = [...this.#asRoot, "nsenter", ...OWN_NAMESPACES, `--target=${pid}`, "--"];
    return new Machine(folder, this.#env, enter);
  }

  async #shared(folder: string): Promise<Machine> {
    const state = join(folder, "var-lib");
    mkdirSync(state, { recursive: true });
    this.#hubPorts ??= [await freePort(), await freePort()];
    const [agents, pages] = this.#hubPorts;
    const own = await freePort();
    return new Machine(folder, this.#env, [], (text) =>
      text
        .replaceAll("/var/lib", state)
        .replaceAll("hub.example.org", "127.0.0.1")
        .replace(/^cairn hub serve\b.*/, `$& --grpc-port ${agents} --port ${pages}`)
        .replace(/^cairn agent start\b.*/, `$& --page-port ${own}`)
        .replaceAll(":8443", `:${agents}`)
        .replaceAll(":8080", `:${pages}`)
        .replaceAll(":8650", `:${own}`),
    );
  }

  /** Ends every process on every machine. */
  end(): void {
    for (const holder of this.#holders.reverse()) holder.kill("SIGKILL");
  }

  #layCable(cable: number, pid: number): void {
    const ip = (at: number, ...args: string[]): void => {
      const [command = "", ...rest] = [...this.#asRoot, "nsenter", "--net", `--target=${at}`, "ip", ...args];
      const { status, stderr } = spawnSync(command, rest);
      if (status !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr.toString()}`);
    };
    ip(this.#hub, "link", "add", `to${cable}`, "type", "veth", "peer", "name", "eth0", "netns", `${pid}`);
    ip(this.#hub, "addr", "add", `10.77.${cable}.1/24`, "dev", `to${cable}`);
    ip(this.#hub, "link", "set", `to${cable}`, "up");
    ip(pid, "addr", "add", `10.77.${cable}.2/24`, "dev", "eth0");
    ip(pid, "link", "set", "eth0", "up");
  }

  /** Starts a process that keeps namespaces. @returns its number, which it prints first */
  async #hold([command = "", ...args]: readonly string[]): Promise<number> {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#holders.push(child);
    return new Promise((resolve, reject) => {
      child.stdout.once("data", (said: Buffer) => resolve(Number(said.toString())));
      child.once("exit", (code) =>
        reject(new Error(`${command} ended with ${code}: a machine could not be made`)),
      );
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
