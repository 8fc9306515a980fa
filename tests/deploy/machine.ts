/** A Debian machine with its own systemd, booted from a folder: `systemd-nspawn`, without any network but its own. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const BOOT_MS = 90_000;
/** What a machine needs before it is given our packages: nothing of ours, no compiler, no Node; and a proxy, as a practice's network has one. */
const DEBIAN = "systemd,systemd-sysv,dbus,sudo,iproute2,libstdc++6,squid";

/** Why no machine can be booted here; false where one can. */
export function noMachine(): string | false {
  if (!process.env["CAIRN_LONG"]) return "with CAIRN_LONG";
  if (process.getuid?.() !== 0) return "only root can boot a machine";
  for (const tool of ["mmdebstrap", "systemd-nspawn", "nsenter", "dpkg-deb"])
    if (spawnSync(tool, ["--version"]).error) return `${tool} is not here`;
  return false;
}

/** Makes a folder with a Debian in it, from a mirror. @throws Error */
export function debian(suite: string, folder: string): void {
  const args = ["--quiet", "--variant=minbase", `--include=${DEBIAN}`, suite, folder];
  const { status, stderr } = spawnSync("mmdebstrap", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`mmdebstrap ${suite}: ${stderr}`);
}

interface Said {
  readonly code: number | null;
  /** Standard output, and what was said on standard error after it. */
  readonly out: string;
}

export class Machine {
  readonly #folder: string;
  readonly #log: string;
  #nspawn: ChildProcess;

  private constructor(folder: string, log: string) {
    [this.#folder, this.#log] = [folder, log];
    this.#nspawn = this.#start();
  }

  /** Boots the system in a folder. @param log what its console says */
  static async boot(folder: string, log: string): Promise<Machine> {
    const machine = new Machine(folder, log);
    await machine.#booted();
    return machine;
  }

  #start(): ChildProcess {
    const args = ["-D", this.#folder, "--boot", "--register=no", "--keep-unit", "--private-network"];
    // With all capabilities and bpf: without them rules on ports and addresses are not enforced, and faults stay hidden.
    const all = ["--capability=all", "--system-call-filter=bpf", "--console=pipe", "--quiet"];
    const console = openSync(this.#log, "a");
    const env = { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" };
    return spawn("systemd-nspawn", [...args, ...all], { env, stdio: ["ignore", console, console] });
  }

  /** Types a line into root's shell. */
  async run(line: string): Promise<Said> {
    const leader = this.#leader();
    if (leader === null) return { code: null, out: "the machine is not there" };
    const clean = ["env", "-i", "PATH=/usr/sbin:/usr/bin", "HOME=/root", "sh", "-c", `cd /root; ${line}`];
    const child = spawn("nsenter", ["--target", String(leader), "--all", "--", ...clean]);
    let [out, err] = ["", ""];
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (err += text));
    child.stdin.end();
    const [code] = (await once(child, "close")) as [number | null];
    return { code, out: out + err };
  }

  /** The same, and it has to end with 0. @throws Error with what it said */
  async does(line: string): Promise<string> {
    const { code, out } = await this.run(line);
    if (code !== 0) throw new Error(`${line}\nended with ${code}:\n${out}`);
    return out;
  }

  /** Gives a command again until it says this. @throws Error with what it last said */
  async comesTo(line: string, what: RegExp, seconds = 60): Promise<string> {
    for (const end = Date.now() + seconds * 1000; ;) {
      const { out } = await this.run(line);
      if (what.test(out)) return out;
      if (Date.now() > end) throw new Error(`${line} does not come to say ${String(what)}:\n${out}`);
      await pause(500);
    }
  }

  async reboot(): Promise<void> {
    const ended = once(this.#nspawn, "exit");
    await this.run("systemctl reboot");
    await ended; // with 133: whoever started it starts it again
    this.#nspawn = this.#start();
    await this.#booted();
  }

  /** Powers it off, and ends it where it does not. */
  async end(): Promise<void> {
    if (this.#nspawn.exitCode !== null) return;
    const ended = once(this.#nspawn, "exit");
    const leader = this.#leader();
    if (leader !== null) process.kill(leader, 38); // SIGRTMIN+4: power off
    const late = setTimeout(() => this.#nspawn.kill("SIGKILL"), 30_000);
    await ended;
    clearTimeout(late);
  }

  async #booted(): Promise<void> {
    for (const end = Date.now() + BOOT_MS; ;) {
      const { out } = await this.run("systemctl is-system-running");
      if (/^(running|degraded)$/m.test(out)) break;
      if (this.#nspawn.exitCode !== null || Date.now() > end)
        throw new Error(`the machine does not boot: ${out}\n${readFileSync(this.#log, "utf8")}`);
      await pause(300);
    }
    await this.does("ip link set lo up");
  }

  /** The machine's first process; null where it has none yet. */
  #leader(): number | null {
    const { pid } = this.#nspawn;
    try {
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
      const [first = ""] = children;
      return first === "" ? null : Number(first);
    } catch {
      return null; // it has ended
    }
  }
}
