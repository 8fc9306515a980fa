/** Starts `cairn` as its users do: as processes with arguments, an environment and three streams. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { CairnError } from "@cairn/errors";
import { inherited } from "./config.js";

export interface ProcessResult {
  readonly code: number | null; // null when a signal ended it
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Another program and its options, up to the command's file; `node FILE` where absent. */
  readonly through?: readonly string[];
}

/** A process failed, with what it wrote on standard error, or none is started any more. */
class ProcessError extends CairnError<"not-ready" | "failed" | "ended"> {
  readonly kind = "unavailable";
}

/** The installed command by its file; every process of a federation is `node FILE ...`. */
export class CairnCommand {
  readonly file: string;
  readonly #running = new Map<ChildProcess, Promise<unknown>>(); // each with its end
  #hasEnded = false;

  constructor(file: string) {
    this.file = file;
  }

  /** Stops every process that it started, waits until they have ended, and starts none any more. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    for (const child of this.#running.keys()) child.kill("SIGTERM");
    await Promise.all(this.#running.values());
  }

  /** @throws ProcessError ended, once `end` was called */
  requireGoing(): void {
    if (this.#hasEnded) throw new ProcessError("ended", "it was ended, and nothing more is done");
  }

  /** Runs it to its end, whatever its exit code. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<ProcessResult> {
    const child = this.#launch(args, options, ["pipe", "pipe", "pipe"]);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin?.on("error", () => undefined); // a command that reads none may have ended before it is closed
    child.stdin?.end(options.input ?? "");
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        resolve({
          code,
          signal,
          stdout: Buffer.concat(out).toString(),
          stderr: Buffer.concat(err).toString(),
        });
      });
    });
  }

  /** Runs what must succeed. @throws ProcessError with what it said on standard error. */
  async must(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const done = await this.run(args, options);
    if (done.code === 0) return done.stdout;
    throw new ProcessError(
      "failed",
      `cairn ${args.join(" ")} ended with ${done.code ?? done.signal}: ${done.stderr.trim()}`,
    );
  }

  /**
   * Starts it and waits for its ready line: one line of JSON on standard output.
   * @param seconds how long it may take.
   * @throws ProcessError with its log when it ends first or does not get ready in time.
   */
  async start<Ready>(
    name: string,
    args: readonly string[],
    options: RunOptions = {},
    seconds = 240,
  ): Promise<{ service: Service; ready: Ready }> {
    const child = this.#launch(args, options, ["pipe", "pipe", "pipe"]);
    const service = new Service(name, child);
    let timer: NodeJS.Timeout | undefined;
    const line = await Promise.race([
      firstLine(child),
      service.ended.then((end) => end),
      new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), seconds * 1000))),
    ]);
    clearTimeout(timer);
    if (typeof line === "string") return { service, ready: JSON.parse(line) as Ready };
    if (line === undefined) service.kill();
    const slow = line === undefined ? ` in ${seconds} s, perhaps because this machine is slow or busy` : "";
    throw new ProcessError("not-ready", `${name} did not get ready${slow}: ${service.log.slice(-2000)}`);
  }

  /** Starts what is waited for by nobody. */
  begin(name: string, args: readonly string[]): Service {
    return new Service(name, this.#launch(args, {}, ["ignore", "ignore", "pipe"]));
  }

  #launch(args: readonly string[], options: RunOptions, stdio: ("pipe" | "ignore")[]): ChildProcess {
    this.requireGoing();
    const [command = process.execPath, ...before] = options.through ?? [process.execPath, this.file];
    const child = spawn(command, [...before, ...args], { stdio, env: { ...inherited, ...options.env } });
    const ended = new Promise<void>((resolve) => {
      child.once("error", () => resolve());
      child.once("close", () => resolve());
    });
    this.#running.set(child, ended);
    void ended.then(() => this.#running.delete(child));
    return child;
  }
}

/** A process that goes on until it is stopped: a hub, an agent, a keeper or a courier. */
export class Service {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #log: string[] = [];
  readonly ended: Promise<ProcessResult>;

  constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.#child = child;
    if (child.stderr) createInterface({ input: child.stderr }).on("line", (line) => this.#remember(line));
    this.ended = new Promise((resolve) => {
      child.on("close", (code, signal) => resolve({ code, signal, stdout: "", stderr: this.log }));
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** The last lines of its standard error. */
  get log(): string {
    return this.#log.join("\n");
  }

  /** Empties its log, so that what follows is about what comes now. */
  forget(): void {
    this.#log.length = 0;
  }

  /** Stops it and waits until it has ended. */
  async stop(): Promise<ProcessResult> {
    this.#child.kill("SIGTERM");
    return this.ended;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #remember(line: string): void {
    this.#log.push(line);
    if (this.#log.length > 400) this.#log.shift();
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (child.stdout) createInterface({ input: child.stdout }).once("line", resolve);
  });
}
