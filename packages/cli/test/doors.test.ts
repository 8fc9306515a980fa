/** Every action by command: each role, of each group, is let in where the one table says so, and nowhere else. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ACTIONS, HUB_ROLES, may, PRACTICE_ROLES, type Action, type HubRole } from "@cairn/access";
import { charterBytes, charterDigest } from "@cairn/charters";
import { CairnError } from "@cairn/errors";
import { addPerson, addSchedule, initHub, invite, withHub } from "@cairn/hub";
import * as keeper from "@cairn/keeper/practice";
import { LIBRARY_LOCATION } from "@cairn/library";
import { readLibraryFolder } from "@cairn/query-library/folder";
import { rootFingerprint } from "@cairn/signed-library";
import { writePractice } from "@cairn/synthetic";
import { groupCharter } from "@cairn/testkit";
import { Command } from "commander";
import t from "tap";
import { commandsOf } from "../../access/src/commands.js";
import { hubSigners, publishFolder } from "../../hub/test/publish-folder.js";
import { someQueries } from "../../hub/test/some-queries.js";
import { DOORS, GIVES_DOORS, type Door, type TestFile } from "./fixtures/doors.js";

t.setTimeout(240_000);
const folder = mkdtempSync(join(tmpdir(), "cairn-doors-"));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const [hubData, agentData] = [join(folder, "hub"), join(folder, "agent")];
const files = new Map<string, string>();
const actions = Object.keys(ACTIONS) as Action[];
const decide = may;

/** People of the hub are here for two of its three groups, where their role is for named ones. */
const OWN = ["north", "glen"];
const GROUPS = [...OWN, "south"];
const CHARTER = groupCharter("glen", { asks: ["cluster-lead", "analyst", "provider"] });
const charterOf = (group: string) =>
  group === "glen" ? { ...CHARTER, digest: charterDigest(CHARTER) } : null;

/** Runs a command in this process, and says nothing. @returns the code of its error; null where it ended well */
async function outcome(argv: readonly string[]): Promise<string | null> {
  const { exitCode } = process;
  const writes = [process.stdout, process.stderr].map((stream) => [stream, stream.write] as const);
  for (const [stream] of writes) stream.write = () => true;
  try {
    await (await program()).parseAsync(argv, { from: "user" });
    return null;
  } catch (error) {
    if (error instanceof CairnError) return String(error.code);
    throw error;
  } finally {
    for (const [stream, write] of writes) stream.write = write;
    process.exitCode = exitCode;
  }
}

/** The command line as it is offered: every module registers its own commands. */
async function program(): Promise<Command> {
  const modules = fileURLToPath(new URL("../dist/commands/", import.meta.url));
  const all = new Command("cairn").exitOverride();
  for (const file of readdirSync(modules).filter((name) => name.endsWith(".js"))) {
    const module = (await import(join(modules, file))) as { register?: (program: Command) => void };
    module.register?.(all);
  }
  return all;
}

/** What is typed at a door. */
function typed({ given }: Door, group: string, at: "hub" | "practice", as: string): string[] {
  const data = at === "hub" ? hubData : agentData;
  return [...given(group).map((word) => files.get(word) ?? word), "--data", data, "--as", as];
}

function doorsOf(action: Action): readonly Door[] {
  const doors = DOORS[action];
  return Array.isArray(doors) ? (doors as readonly Door[]) : [];
}

const wordsOf = ({ given }: Door): string => `${given("north").join(" ")} `;

const nameOf = (command: Command): string =>
  command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

t.before(async () => {
  process.execArgv = ["--title=cairn-without-network"]; // a command that reads records goes on here
  const library = someQueries(join(folder, "library"), ["hypertension-register"]);
  await initHub(hubData, ["localhost"]);
  await withHub(hubData, async (hub) => {
    const beside = new Map([["charters/glen.json", charterBytes(CHARTER)]]);
    await publishFolder(hub, library, undefined, beside);
    await invite(hub, "Ash", GROUPS);
    for (const group of GROUPS)
      await addSchedule(hub, {
        ...{
          group,
          queries: ["hypertension-register"],
          every: "quarter",
          periods: 1,
          until: null,
          cron: null,
        },
        ...{ timezone: "Europe/London", catchUp: "latest", catchUpWindow: 0, spread: 0, collectFor: 1 },
      });
    for (const role of Object.keys(HUB_ROLES) as HubRole[])
      await addPerson(hub, { name: role, role, groups: HUB_ROLES[role].groups === "every" ? [] : OWN });
    const signers = hubSigners(hub);
    const ready = signers.publication(readLibraryFolder(library), { version: 1, now: hub.settings.now() });
    for (const [name, bytes] of ready) write(join("signers/published", name), bytes);
    write("root.json", signers.root());
    files.set("FINGERPRINT", rootFingerprint(signers.root()));
  });
  const practice = { patients: 5, eventsPerPatient: 50, seed: 1, until: "2025-03-31", practice: "Ash" };
  const extract = join(folder, "extract");
  await writePractice({ ...practice, out: extract, format: "journal" });
  keeper.initKeeper(keeper.keeperFolder(agentData));
  const given = ["agent", "import", extract, "--format", "journal", "--data", agentData];
  t.equal(await outcome(given), null, "the practice has records");
  const store = keeper.KeeperStore.open(keeper.keeperFolder(agentData));
  for (const role of Object.keys(PRACTICE_ROLES)) keeper.addPerson(store, role, role);
  store.close();
  write("file", Buffer.from("none\n"));
  for (const [name, path] of [
    ["FILE", join(folder, "file")],
    ["SIGNERS", join(folder, "signers")],
    ["ROOT", join(folder, "root.json")],
    ["QUERY", join(fileURLToPath(LIBRARY_LOCATION), "hypertension-register.yaml")],
  ] as const satisfies readonly (readonly [TestFile, string])[])
    files.set(name, path);
});

function write(name: string, bytes: Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
}

t.test(
  "each action has its doors or says why it has none, and each command that asks who is one",
  async (t) => {
    t.same(Object.keys(DOORS).toSorted(), actions.toSorted(), "every action, and no other");
    const all = await program();
    const asking = (command: Command): string[] => [
      ...(command.options.some(({ long }) => long === "--as") ? [nameOf(command)] : []),
      ...command.commands.flatMap(asking),
    ];
    const words = actions.flatMap((action) => doorsOf(action).map(({ given }) => given("north").join(" ")));
    const named = (command: Command): string[] => [nameOf(command), ...command.commands.flatMap(named)];
    for (const action of actions) {
      const doors = DOORS[action];
      for (const command of typeof doors === "object" && "unasked" in doors ? doors.unasked : []) {
        t.ok(named(all).includes(command), `${action}: there is cairn ${command}`);
        t.notOk(asking(all).includes(command), `${action}: cairn ${command} asks nobody`);
      }
    }
    const isListed = (name: string): boolean =>
      GIVES_DOORS.includes(name) || words.some((each) => `${each} `.startsWith(`${name} `));
    const unlisted = asking(all).filter((name) => !isListed(name));
    t.same(unlisted, [], "a command that asks who it is, and is no door of an action");
    for (const action of actions)
      for (const told of commandsOf(action).filter((each) => asking(all).includes(each))) {
        const doors = actions.filter((each) =>
          doorsOf(each).some((one) => wordsOf(one).startsWith(`${told} `)),
        );
        t.ok(
          doors.includes(action),
          `pages tell of ${told} who may ${action}: it asks for ${doors.join(", ")}`,
        );
      }
  },
);

t.test("at the hub: every role, of its own group, of another and of one under a charter", async (t) => {
  for (const action of actions.filter((each) => ACTIONS[each].at === "hub"))
    for (const door of doorsOf(action))
      for (const group of ACTIONS[action].about === "hub" ? ["north"] : GROUPS) {
        const charter = charterOf(group);
        if (door.where && (door.where === "under a charter") !== (charter !== null)) continue;
        const words = door.given(group).join(" ");
        t.equal(await outcome(typed(door, group, "hub", "nobody")), "person-unknown", `nobody: ${words}`);
        for (const role of Object.keys(HUB_ROLES) as HubRole[]) {
          const groups = HUB_ROLES[role].groups === "every" ? "every" : OWN;
          const { allowed } = decide({ at: "hub", name: role, role, groups }, action, { group, charter });
          const code = await outcome(typed(door, group, "hub", role));
          t.equal(code !== "may-not", allowed, `${role}: ${words} (${code})`);
        }
      }
});

t.test("at the practice: every role", async (t) => {
  for (const action of actions.filter((each) => ACTIONS[each].at === "practice"))
    for (const door of doorsOf(action)) {
      const words = door.given("north").join(" ");
      t.equal(
        await outcome(typed(door, "north", "practice", "nobody")),
        "person-unknown",
        `nobody: ${words}`,
      );
      for (const role of Object.keys(PRACTICE_ROLES) as (keyof typeof PRACTICE_ROLES)[]) {
        const person = { at: "practice", name: role, role, practice: "here" } as const;
        const { allowed } = decide(person, action, { practice: "here", charter: null });
        const code = await outcome(typed(door, "north", "practice", role));
        t.equal(code !== "may-not", allowed, `${role}: ${words} (${code})`);
      }
    }
});
