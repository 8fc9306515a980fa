/** A hub and practices as real processes in one folder, for tests and for the demo. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { admit, invite, logVkey, openHub, withHub, type Hub } from "@cairn/hub";
import { Signers } from "./ceremony.js";
import type { CairnCommand, ProcessResult, Service } from "./processes.js";

export interface HubAddresses {
  readonly pages: string; // http://127.0.0.1:port
  readonly grpc: string; // 127.0.0.1:port
}

export interface PracticeSpec {
  readonly name: string;
  readonly patients: number;
  readonly eventsPerPatient: number;
  readonly seed: number;
  /** Profile of `cairn synth`; the seed decides where absent. */
  readonly until: string; // last day of its records
}

type Env = Readonly<Record<string, string>>;

export class Practice {
  readonly spec: PracticeSpec;
  readonly folder: string;
  /** The federation's group, which its people accept. */
  readonly group: string;
  /** Whether the group has a charter: its people accept both once they have it. */
  readonly isChartered: boolean;
  readonly #command: CairnCommand;
  agent: Service | null = null;
  page = ""; // http://127.0.0.1:port, while the agent runs

  constructor(
    command: CairnCommand,
    spec: PracticeSpec,
    folder: string,
    { group, charters }: Pick<FederationOptions, "group" | "charters">,
  ) {
    this.#command = command;
    this.spec = spec;
    this.folder = folder;
    this.group = group;
    this.isChartered = charters?.has(group) ?? false;
  }

  get data(): string {
    return join(this.folder, "agent");
  }

  /** Invents the practice's records, loads them into its keeper, and accepts its group where that has no charter. */
  async loadRecords(): Promise<void> {
    const { patients, eventsPerPatient, seed, until, name } = this.spec;
    const extract = join(this.folder, "extract");
    const size = ["--patients", `${patients}`, "--events-per-patient", `${eventsPerPatient}`];
    const what = ["--seed", `${seed}`, "--until", until, "--practice", name, "--format", "journal"];
    await this.#command.must(["synth", ...size, ...what, "--out", extract]);
    await this.must("agent", "init", "--invented");
    await this.must("agent", "rules", "--group", "any", "--set", "accept-signed");
    if (!this.isChartered) await this.join();
    await this.#command.must([
      "agent",
      "import",
      "--data",
      this.data,
      "--format",
      "journal",
      "--complete-to",
      until,
      extract,
    ]);
    rmSync(extract, { recursive: true });
  }

  /** Accepts a group as a person at the practice does: nothing is answered for one that nobody accepted. */
  async join(group = this.group): Promise<void> {
    await this.must("agent", "join", group);
  }

  /** Starts the agent. @param env a crash point, for instance. */
  async start(env: Env = {}): Promise<void> {
    const args = ["agent", "start", "--data", this.data, "--page-port", "0", "--json"];
    const { service, ready } = await this.#command.start<{ page: string }>(this.spec.name, args, { env });
    this.agent = service;
    this.page = ready.page;
  }

  async stop(): Promise<void> {
    await this.agent?.stop();
    this.agent = null;
  }

  /** Runs a command of the practice, on its own data. */
  run(...args: string[]): Promise<ProcessResult> {
    return this.#command.run([...args, "--data", this.data]);
  }

  async must(...args: string[]): Promise<string> {
    return this.#command.must([...args, "--data", this.data]);
  }
}

export interface FederationOptions {
  /** The command that starts every process of it. */
  readonly command: CairnCommand;
  readonly folder: string;
  /** Every practice is invited into it, and accepts it when its records are loaded, or with its charter when it has enrolled. */
  readonly group: string;
  /** Charters that are signed with the library, by group. */
  readonly charters?: ReadonlyMap<string, string>;
  /** Seconds without a poll after which a practice shows as offline. */
  readonly offlineAfter: number;
  /** A folder of queries and codelists; the library that comes with Cairn where absent. */
  readonly library?: string;
  /** Whether an officer's witness countersigns the hub's log, as the signed library says. */
  readonly witness?: boolean;
}

export class Federation {
  readonly options: FederationOptions;
  readonly practices: Practice[] = [];
  readonly signers: Signers;
  hub: Service | null = null;
  /** The policy by which the officer's witness has to sign; null where there is none. */
  policy: string | null = null;
  #witness: Service | null = null;
  addresses: HubAddresses = { pages: "", grpc: "" };
  #beside: Hub | null = null;

  constructor(options: FederationOptions) {
    this.options = options;
    this.signers = new Signers(join(options.folder, "signers"));
    mkdirSync(options.folder, { recursive: true });
  }

  get hubData(): string {
    return join(this.options.folder, "hub");
  }

  /** Makes the hub's keys, certificates and database, and publishes a library that its signers have signed. */
  async initHub(): Promise<void> {
    await this.options.command.must([
      "hub",
      "init",
      "--data",
      this.hubData,
      "--host",
      "127.0.0.1",
      "--host",
      "localhost",
    ]);
    this.options.command.requireGoing();
    await withHub(this.hubData, async (hub) => {
      const { library = null, charters, witness } = this.options;
      if (witness) this.policy = await this.#initWitness(logVkey(hub));
      await this.signers.first(hub, library, {
        ...(this.policy !== null && { policy: this.policy }),
        ...(charters && { charters }),
      });
    });
    if (this.options.charters) writeFileSync(this.#delivery, this.signers.delivery());
  }

  /** The library as a file: charters are read and accepted before the agent runs. */
  get #delivery(): string {
    return join(this.options.folder, "library.delivery");
  }

  get #witnessData(): string {
    return join(this.options.folder, "witness");
  }

  /** Makes the officer's witness. @returns the policy that names it */
  async #initWitness(log: string): Promise<string> {
    const named = ["--name", "officer.invented/demo", "--hub-key", log];
    const key = await this.options.command.must(["witness", "init", "--dir", this.#witnessData, ...named]);
    return `log ${log}\nwitness officer ${key.trim()}\nquorum officer\n`;
  }

  /** Starts the officer's witness, which signs each minute what the hub has written. */
  startWitness(): void {
    const { pages } = this.addresses;
    const args = ["witness", "run", "--hub", pages, "--dir", this.#witnessData, "--every", "1"];
    this.#witness = this.options.command.begin("witness", args);
  }

  async startHub(env: Env = {}): Promise<void> {
    const [pagesPort, grpcPort] = [port(this.addresses.pages), port(this.addresses.grpc)];
    const args = ["hub", "serve", "--data", this.hubData, "--port", pagesPort, "--grpc-port", grpcPort];
    const started = await this.options.command.start<HubAddresses>(
      "hub",
      [...args, "--offline-after", `${this.options.offlineAfter}s`, "--json", "--tied"],
      { env },
    );
    this.hub = started.service;
    this.addresses = started.ready;
  }

  /** Makes a practice's folder; `loadRecords` and `enrol` come next. */
  addPractice(spec: PracticeSpec): Practice {
    const folder = join(this.options.folder, spec.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"));
    mkdirSync(folder, { recursive: true });
    const practice = new Practice(this.options.command, spec, folder, this.options);
    this.practices.push(practice);
    return practice;
  }

  /** Invites, enrols, compares fingerprints and admits, as two people would; a third accepts the group's charter, where it has one. */
  async enrol(practice: Practice): Promise<void> {
    const { name } = practice.spec;
    const code = await this.atHub((hub) => invite(hub, name, [this.options.group], undefined, true));
    const said = await practice.must(
      "agent",
      "enrol",
      "--join",
      code,
      "--hub",
      this.addresses.grpc,
      "--json",
    );
    const { fingerprint } = JSON.parse(said) as { fingerprint: string };
    await this.atHub((hub) => admit(hub, name, fingerprint)); // the agent asks until it is admitted
    if (!practice.isChartered) return;
    await practice.must("agent", "library", "take", this.#delivery);
    await practice.join();
  }

  /**
   * Does work at the hub's folder beside the running hub, as its commands do, without a process for each. The folder
   * stays open here until `stop`.
   * @throws ProcessError ended, once its command was ended
   */
  async atHub<T>(work: (hub: Hub) => Promise<T>): Promise<T> {
    this.options.command.requireGoing();
    this.#beside ??= openHub(this.hubData);
    return work(this.#beside);
  }

  async mustHub(...args: string[]): Promise<string> {
    return this.options.command.must([...args, "--data", this.hubData]);
  }

  runHub(...args: string[]): Promise<ProcessResult> {
    return this.options.command.run([...args, "--data", this.hubData]);
  }

  /** Stops the hub, and closes its folder: another may be put in its place before it is started again. */
  async stopHub(): Promise<void> {
    await this.hub?.stop();
    this.hub = null;
    await this.#beside?.store.close();
    this.#beside = null;
  }

  /** Stops everything that still runs; the hub last. */
  async stop(): Promise<void> {
    await Promise.all(this.practices.map((practice) => practice.stop()));
    await this.#witness?.stop();
    await this.stopHub();
  }
}

function port(address: string): string {
  return address.split(":").at(-1)?.replace("/", "") || "0";
}
