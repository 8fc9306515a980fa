/** `status` and `doctor` tell how the link stands, at each turn of an agent's life and in either layout, with what to type next. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { admit, invite, listPractices, revoke } from "@cairn/hub";
import { Federation, type Service } from "@cairn/demo";
import { cairn, command, mustRun } from "./fixtures/command.js";
import type { LinkState } from "@cairn/wire";
import t, { type Test } from "tap";
import { someQueries } from "../../hub/test/some-queries.js";
import { layoutOf, type Layout } from "@cairn/agent/layout";
import { statusOf } from "@cairn/agent/status";
import { statusWords } from "../src/agent/status.js";

t.setTimeout(600_000);
const PATIENCE_MS = 180_000;
const GROUP = "north";
const folder = mkdtempSync(join(tmpdir(), "cairn-link-"));
const federation = new Federation({
  command,
  folder,
  group: GROUP,
  offlineAfter: 4,
  library: someQueries(join(folder, "library"), ["hypertension-register"]),
});
t.teardown(async () => {
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Status {
  readonly practice: string | null;
  readonly link: (LinkState & { readonly offlineFrom: string | null }) | null;
  readonly running: { readonly keeper: boolean; readonly courier: boolean | null };
}
type Checks = Readonly<Record<string, { readonly holds: boolean | null; readonly words: string }>>;

/** Waits until the hub has the one practice as online, or as offline. */
async function untilHub(t: Test, online: boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while ((await federation.atHub(listPractices))[0]?.online !== online && Date.now() < end) await pause(200);
  t.equal((await federation.atHub(listPractices))[0]?.online, online, online ? "online" : "offline");
}

/** One agent by the arguments that say where it is. */
class Agent {
  readonly where: readonly string[];
  readonly name: string;

  constructor(name: string, ...where: string[]) {
    this.name = name;
    this.where = where;
  }

  /** In this process: what the command prints with `--json`. */
  status(): Status {
    return JSON.parse(JSON.stringify(statusOf(this.#layout()))) as Status;
  }

  words(): string {
    const layout = this.#layout();
    return statusWords(statusOf(layout), layout);
  }

  #layout(): Layout {
    const [, data = "", , courierData] = this.where;
    return layoutOf({ data, ...(courierData === undefined ? {} : { courierData }) });
  }

  async doctor(...more: string[]): Promise<Checks> {
    const { stdout } = await cairn(["agent", "doctor", ...this.where, ...more, "--json"]);
    const { checks } = JSON.parse(stdout) as { checks: { check: string; holds: boolean; words: string }[] };
    return Object.fromEntries(checks.map(({ check, ...rest }) => [check, rest]));
  }

  /** What doctor says once the link holds: on a busy machine an answer may be later than `offlineAfter`, and counts as offline. */
  async doctorOnceLinked(...more: string[]): Promise<Checks> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const checks = await this.doctor(...more);
      if (checks[LINK]?.holds === true || Date.now() > end) return checks;
    }
  }

  /** Redeems a new join code. @returns the fingerprint */
  async enrol(): Promise<string> {
    const code = await federation.atHub((hub) => invite(hub, this.name, [GROUP], "Ada", true)); // the next one, too
    const args = ["agent", "enrol", ...this.where, "--hub", federation.addresses.grpc, "--join", code];
    return (JSON.parse(await mustRun([...args, "--json"])) as { fingerprint: string }).fingerprint;
  }

  async admitted(fingerprint: string): Promise<void> {
    await federation.atHub((hub) => admit(hub, this.name, fingerprint));
  }

  async until(t: Test, what: string, so: (status: Status) => boolean): Promise<Status> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const status = this.status();
      if (so(status)) return status;
      if (Date.now() > end) {
        t.fail(`${what} never came: ${JSON.stringify(status)}`);
        return status;
      }
      await pause(200);
    }
  }

  works(t: Test): Promise<Status> {
    return this.until(
      t,
      "a link that works",
      ({ link }) => link?.state === "works" && link.offlineAfterSeconds !== null,
    );
  }
}

const HUB = "the hub";
const CLOCK = "this machine's clock against the hub's";
const RUNS = "keeper and courier run";
const LINK = "the link";

t.test("one folder, from its first day to its last", async (t) => {
  const practice = federation.addPractice({
    name: "Alder Practice",
    patients: 0,
    eventsPerPatient: 0,
    seed: 1,
    until: "2026-06-30",
  });
  const { data } = practice;
  const agent = new Agent("Alder Practice", "--data", data);
  await federation.initHub();
  await federation.startHub();

  await t.test("not enrolled", async (t) => {
    await practice.must("agent", "init");
    t.match(agent.status(), { link: null, running: { keeper: false } });
    t.match(agent.words(), `The agent does not run: cairn agent start --data ${data}\nNot enrolled: ask`);
    const checks = await agent.doctor();
    t.match(checks, {
      [RUNS]: { holds: false },
      [HUB]: { holds: null },
      [CLOCK]: { holds: null },
      [LINK]: { holds: null },
    });
    t.match(checks["the hub's log"], { holds: null }, "what is not there does not count as holding");
    t.match(checks["the courier's key"], { holds: null });
  });

  let fingerprint = "";
  await t.test("enrolled and not admitted, before it runs and after", async (t) => {
    fingerprint = await agent.enrol();
    const readOut = `read the fingerprint ${fingerprint} to the hub's operator`;
    t.match(agent.status(), {
      link: { state: "awaiting-admission", fingerprint },
      running: { keeper: false, courier: false },
    });
    t.match(agent.words(), readOut);
    await practice.start();
    await agent.until(t, "a courier", ({ running }) => running.courier === true);
    t.match(agent.words(), readOut);
    t.match(await agent.doctor(), {
      [RUNS]: { holds: true },
      [HUB]: { holds: true, words: /no certificate yet/ },
      [CLOCK]: { holds: true },
      [LINK]: { holds: false, words: new RegExp(fingerprint) },
    });
    const page = await (await fetch(practice.page)).text();
    t.match(page, fingerprint, "the practice's page says it, too");
  });

  const backup = join(folder, "backup");
  await t.test("admitted, and the link works", async (t) => {
    await agent.admitted(fingerprint);
    const { link } = await agent.works(t);
    t.match(link, { problem: null, fingerprint: null, offlineAfterSeconds: 4 });
    t.ok(Math.abs(link?.hubAheadSeconds ?? NaN) <= 2, "on one machine the two clocks agree");
    t.match(agent.words(), /^Keeper and courier run\nThe link works\. The hub last answered at /m);
    t.match(await agent.doctorOnceLinked(), {
      [HUB]: { holds: true, words: /takes this agent's certificate/ },
      [LINK]: { holds: true },
    });
    t.match(
      await practice.must("agent", "backup", "--out", backup),
      /holds keys \(the practice's and the link's\)/,
    );
    for (const name of ["key.pem", "settings.json", "certificate.pem"])
      t.equal(statSync(join(backup, "courier", name)).mode & 0o777, 0o600, name);
  });

  await t.test("killed: nothing runs, and agent and hub say offline of the same moment on", async (t) => {
    practice.agent?.kill();
    const { link } = await agent.until(
      t,
      "nothing that runs",
      ({ running }) => !running.keeper && running.courier === false,
    );
    t.equal(link?.state, "works", "what was last seen of the hub");
    t.match(
      agent.words(),
      `The agent does not run: cairn agent start --data ${data}\nThe hub last answered at `,
    );
    const heardAt = async () => (await federation.atHub(listPractices))[0]?.heardAt;
    const before = await heardAt();
    t.match(await agent.doctor(), {
      [RUNS]: { holds: false },
      [LINK]: { holds: false },
      [HUB]: { holds: true },
    });
    t.equal(await heardAt(), before, "doctor's look at the hub does not count as being heard of");
    await agent.until(t, "offline", ({ link }) => Date.parse(link?.offlineFrom ?? "") < Date.now());
    t.match(agent.words(), /; offline for the hub since /);
    await untilHub(t, false); // its last call may have come in after the last answer that the agent saw
    await practice.start();
    await agent.until(t, "no longer offline", ({ link }) => Date.parse(link?.offlineFrom ?? "") > Date.now());
    await untilHub(t, true);
  });

  await t.test("the hub is away: since when, and why", async (t) => {
    await federation.stopHub();
    const { link } = await agent.until(t, "trouble", ({ link }) => link?.state === "unreachable");
    t.match(link?.problem, /the hub at 127\.0\.0\.1:\d+ does not answer/);
    t.match(
      agent.words(),
      /The hub last answered at .*; since .*: the hub at .* does not answer.*; offline for the hub /,
    );
    t.match(await agent.doctor(), { [HUB]: { holds: false }, [CLOCK]: { holds: null } });
    await federation.startHub();
    await agent.works(t);
  });

  await t.test("restored from a backup, it goes on with the link's keys and no new enrolment", async (t) => {
    await practice.stop();
    renameSync(data, join(folder, "lost"));
    const said = await practice.must("agent", "restore", "--from", backup);
    t.match(said, /goes on with the link's keys of that day/);
    for (const half of ["keeper", "courier"]) t.equal(statSync(join(data, half)).mode & 0o777, 0o700, half);
    const restored = Date.now();
    await practice.start();
    await agent.until(
      t,
      "an answer",
      ({ link }) => link?.state === "works" && Date.parse(link.heard ?? "") > restored,
    );
  });

  await t.test(
    "restored from before its certificate was renewed, it is taken for a copy, and told what to do",
    async (t) => {
      await practice.stop();
      await federation.atHub(({ store }) =>
        store.quietly(async (tx) => {
          await tx
            .updateTable("agent")
            .set({ generation: 1, confirmed: 1 })
            .where("state", "=", "admitted")
            .execute();
        }),
      );
      await practice.start();
      await agent.until(
        t,
        "cloned",
        ({ link, running }) => link?.state === "cloned" && running.courier === false,
      );
      const words = agent.words();
      t.match(words, /The keeper runs; the courier has ended, for the hub has locked it out/);
      t.match(
        words,
        `then rm -r ${data}/courier and cairn agent enrol --data ${data} --hub ${federation.addresses.grpc} --join`,
      );
      t.match(await agent.doctor(), { [HUB]: { holds: false }, [LINK]: { holds: false } });
      await practice.stop();
      rmSync(join(data, "courier"), { recursive: true });
      await agent.admitted(await agent.enrol());
      await practice.start();
      await agent.works(t);
    },
  );

  await t.test("revoked, and let in again by what it says", async (t) => {
    await federation.atHub((hub) => revoke(hub, "Alder Practice"));
    await agent.until(
      t,
      "revoked",
      ({ link, running }) => link?.state === "revoked" && running.courier === false,
    );
    t.match(agent.words(), `(revoked, since `);
    t.match(await agent.doctor(), {
      [HUB]: { holds: false, words: /turns this agent down/ },
      [LINK]: { holds: false },
    });
    await practice.stop();
    rmSync(join(data, "courier"), { recursive: true });
    await agent.admitted(await agent.enrol());
    await practice.start();
    await agent.works(t);
    await practice.stop();
  });
});

t.test("two folders beside each other, as the units have them: both halves, each by itself", async (t) => {
  const at = join(folder, "lib");
  const [keeperData, courierData, socket] = [
    join(at, "x-keeper"),
    join(at, "x-courier"),
    join(folder, "k.sock"),
  ];
  mkdirSync(courierData, { recursive: true });
  await mustRun(["agent", "init", "--data", keeperData]);
  const agent = new Agent("Birch Practice", "--data", keeperData);
  const fingerprint = await agent.enrol();
  t.ok(existsSync(join(courierData, "courier", "key.pem")), "the link's keys are the courier's");
  t.notOk(existsSync(join(keeperData, "courier")));
  t.match(agent.status(), { link: { state: "awaiting-admission", fingerprint } });
  t.match(agent.words(), "The agent does not run: systemctl start x-keeper x-courier");

  const start = async (half: "keeper" | "courier"): Promise<Service> => {
    const own = half === "keeper" ? keeperData : courierData;
    const { service } = await command.start(half, ["agent", half, "--data", own, "--socket", socket]);
    t.teardown(() => service.stop());
    return service;
  };
  const keeper = await start("keeper");
  const courier = await start("courier");
  await agent.admitted(fingerprint);
  await agent.works(t);
  t.match(agent.status(), { running: { keeper: true, courier: true } });
  t.match(await agent.doctorOnceLinked("--socket", socket), {
    [RUNS]: { holds: true },
    [HUB]: { holds: true },
    [LINK]: { holds: true },
  });

  const unseen = new Agent(
    "Birch Practice",
    "--data",
    keeperData,
    "--courier-data",
    join(folder, "elsewhere"),
  );
  const told = await unseen.until(t, "what the courier told", ({ link }) => link?.state === "works");
  t.match(told, { running: { keeper: true, courier: null }, link: { offlineAfterSeconds: 4 } });
  t.match(unseen.words(), "The keeper runs, and a courier speaks to it");
  t.match(await unseen.doctor("--socket", socket), {
    [RUNS]: { holds: true },
    [HUB]: { holds: null },
    "clock and certificate": { holds: null },
    "the courier's folder on a disk of this machine": { holds: null },
  });
  const without = join(folder, "without-link");
  t.match(
    await mustRun(["agent", "backup", ...unseen.where, "--out", without]),
    /not the link's keys \(.*elsewhere.* is not there.*\): restored, the agent enrols again/,
  );

  courier.kill();
  await agent.until(t, "a courier's end", ({ running }) => running.courier === false);
  t.match(agent.words(), "The keeper runs, and the courier does not: systemctl start x-keeper x-courier");
  keeper.kill();
  await agent.until(t, "both ends", ({ running }) => !running.keeper);
  t.match(agent.words(), "The agent does not run: systemctl start");
  await start("courier");
  await agent.until(t, "a courier", ({ running }) => running.courier === true);
  t.match(agent.words(), "The courier runs, and the keeper does not: systemctl start");
});
