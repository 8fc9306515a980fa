/** Advice can be followed: each `cairn` command and each flag that a message, a page or a README names is there. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import t, { type Test } from "tap";
import { inSameFolder } from "../src/same-folder.js";
import { say } from "../src/say.js";
import { CAIRN, cairn } from "./fixtures/command.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const files = ["packages", "deploy", "docs", "README.md"].flatMap(filesIn);

/** Files of a checkout, from its root; of what is installed or built there, nothing. */
function filesIn(place: string): string[] {
  if (/(^|\/)(node_modules|dist|generated|\.tap)$/.test(place)) return [];
  if (!statSync(join(ROOT, place)).isDirectory()) return [place];
  return readdirSync(join(ROOT, place)).flatMap((name) => filesIn(`${place}/${name}`));
}

/** The commands as they are offered: every module of the command line registers its own. */
async function offered(): Promise<Command> {
  const program = new Command("cairn").option("--version");
  for (const file of files) {
    const [, name] = /^packages\/cli\/src\/commands\/([\w-]+)\.ts$/.exec(file) ?? [];
    if (name === undefined) continue;
    const module = (await import(join(ROOT, `packages/cli/dist/commands/${name}.js`))) as {
      register?: (program: Command) => void;
    };
    module.register?.(program);
  }
  return program;
}

function flagsBelow(command: Command): string[] {
  return [
    "--help",
    ...command.options.map(({ long }) => long ?? ""),
    ...command.commands.flatMap(flagsBelow),
  ];
}

/** Whose flags a room's messages may name where they name no command: those of the commands that reach the room. */
const REACHED_BY: Readonly<Record<string, readonly string[]>> = {
  hub: ["hub", "schedule", "library"],
  keeper: ["agent", "query", "worklist"],
  courier: ["agent"],
};

/** What a line says when its flags are another program's. */
const ANOTHERS =
  /\b(npm|node|tap|tsx|systemctl|systemd-analyze|unshare|setpriv|execArgv|cairn-without-network)\b|tests\/bench|write-golden/;

/** `cairn agent start --data x`, and `[agent, keeper, --data, x]` of a compose file: the words up to its end. */
const COMMAND =
  /(?<![\w-])cairn ([a-z][a-z-]*(?: [a-z][a-z-]*)?)(?!\w)((?:[^\n;.,)\]"'`\\]|\.(?=\S)|\\\n)*)/g;
const LISTED = /command: \[([^\]]+)\]/g;

/** What a text names and `cairn` does not have. */
function missing(program: Command, file: string, text: string): string[] {
  const found: string[] = [];
  const commands = [
    ...[...text.matchAll(COMMAND)].map(([, words = "", rest = ""]) => [words, rest] as const),
    ...[...text.matchAll(LISTED)].map(([, words = ""]) => {
      const [first, second, ...rest] = words.split(/, */);
      return [`${first} ${second}`, rest.join(" ")] as const;
    }),
  ];
  for (const [words, rest] of commands) {
    const [first, second] = words.split(" ");
    const top = program.commands.find((one) => one.name() === first);
    if (top === undefined) {
      if (/ --[a-z]/.test(rest)) found.push(`cairn ${words}`); // else prose: "a cairn is a heap of stones"
      continue;
    }
    const command = top.commands.length === 0 ? top : top.commands.find((one) => one.name() === second);
    if (command === undefined && second !== undefined) found.push(`cairn ${words}`);
    const known = flagsBelow(command ?? top);
    for (const [flag] of rest.matchAll(/(?<![\w-])--[a-z][a-z-]+/g))
      if (!known.includes(flag)) found.push(`cairn ${words} ${flag}`);
  }
  const room = /^packages\/([\w-]+)\/(?:src\/.*\.ts|README\.md)$/.exec(file)?.[1];
  if (room === undefined) return found;
  const reached = REACHED_BY[room];
  const known = program.commands
    .filter((one) => reached === undefined || reached.includes(one.name()))
    .flatMap(flagsBelow);
  for (const line of text.replaceAll(COMMAND, "").split("\n"))
    if (!ANOTHERS.test(line))
      for (const [flag] of line.matchAll(/(?<![\w-])--[a-z][a-z-]+/g))
        if (!known.includes(flag) && flag !== "--version" && !flag.startsWith("--cairn-")) found.push(flag); // colours begin so
  return found;
}

t.test("each command and flag that is named anywhere is there", async (t) => {
  const program = await offered();
  const texts = files.filter((file) => /(?<!\/style)\.(ts|md|service|yaml)$/.test(file)); // a sheet has no flags
  const read = texts.filter((file) => /(^|\/)README\.md$|\/src\/|^deploy\/|^docs\/\w+\.md$/.test(file));
  t.ok(read.length > 200, "the sources are found");
  const found = read.flatMap((file) =>
    missing(program, file, readFileSync(join(ROOT, file), "utf8")).map((named) => `${file}: ${named}`),
  );
  t.same(found, []);
});

t.test("a command, a flag of another command and a flag of another room are found out", async (t) => {
  const program = await offered();
  const at = (file: string, text: string): string[] => missing(program, `packages/${file}`, text);
  t.same(at("hub/src/x.ts", "say cairn hub unlock"), ["cairn hub unlock"]);
  t.same(at("hub/src/x.ts", "`cairn hub init --proxy x`"), ["cairn hub init --proxy"]);
  t.same(at("hub/src/x.ts", "`cairn agent start \\\n  --hold`"), ["cairn agent start --hold"]);
  t.same(at("keeper/src/x.ts", '"choose another --grpc-port"'), ["--grpc-port"]);
  t.same(at("keeper/src/x.ts", "say cairn agent status --json, or cairn query run --exact."), []);
});

/** The command that a person would give by typing these words, with its options set; null where there is none. */
async function given(words: readonly string[]): Promise<Command | null> {
  let [command, rest] = [await offered(), words];
  for (;;) {
    const next = command.commands.find((one) => one.name() === rest[0]);
    if (next === undefined) break;
    [command, rest] = [next, rest.slice(1)];
  }
  return command.exitOverride().parseOptions([...rest]).unknown.length === 0 ? command : null;
}

/** A line of a shell as its words. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g) ?? [];
  return words.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"|\\(.)/g, "$1$2$3"));
}

t.test("what is said completes each command about the same folder, once, and no other", async (t) => {
  const saidBy = async (line: string): Promise<(text: string) => string> =>
    inSameFolder((await given(wordsOf(line)))!, await offered());
  const agent = await saidBy("agent status --data '/srv/my agent' --courier-data /srv/courier");
  const both = " --data '/srv/my agent' --courier-data /srv/courier";
  const data = " --data '/srv/my agent'";
  for (const [said, typed] of [
    ["(cairn agent pause stops it)", `(cairn agent pause${data} stops it)`],
    ["cairn agent resume.", `cairn agent resume${data}.`],
    [
      "cairn agent import, then cairn agent enrol --hub H",
      `cairn agent import${data}, then cairn agent enrol${both} --hub H`,
    ],
    ["see cairn agent\n  backup; cairn worklist", `see cairn agent\n  backup${both}; cairn worklist${data}`],
    ['cairn agent person link "Dr. (A)" tells', `cairn agent person link${data} "Dr. (A)" tells`],
    ["cairn query run X, cairn agent exclude", `cairn query run${data} X, cairn agent exclude${data}`],
  ] as const)
    t.equal(agent(said), typed);
  for (const asItIs of [
    "cairn agent init --author-mode --data OTHER",
    'cairn agent person add "A. (B)" --role R --data OTHER',
    "cairn agent person add 'St Mary'\\''s' --role R --data OTHER",
    "cairn agent pause --data=OTHER",
    "the hub gives cairn hub admit X; cairn schedule list; cairn library publish; cairn query check F",
    "cairn agent person, cairn agent, cairn is a heap, /srv/cairn agent status",
  ])
    t.equal(agent(asItIs), asItIs);
  t.equal(agent("cairn agent pause; else --data X"), `cairn agent pause${data}; else --data X`);
  const publish = await saidBy("library publish --dir lib --data hub");
  t.equal(
    publish("cairn library accept B, cairn hub invite and cairn library publish --data HUB"),
    "cairn library accept --dir lib B, cairn hub invite --data hub and cairn library publish --dir lib --data HUB",
  );
  const inDefault = await saidBy("agent status --data cairn-agent");
  t.equal(inDefault("cairn agent pause"), "cairn agent pause", "which is where it goes by itself");
});

t.test("what a command prints about its own folder can be typed", async (t) => {
  const parent = mkdtempSync(join(tmpdir(), "cairn-advice-"));
  t.teardown(() => rmSync(parent, { recursive: true, force: true }));
  const [folder, elsewhere] = [join(parent, "it's here"), join(parent, "elsewhere")];
  mkdirSync(elsewhere);
  const run = (line: string, data: string | null): ReturnType<typeof cairn> =>
    cairn([...line.split(" "), ...(data === null ? [] : ["--data", data])], {
      through: ["env", "-C", elsewhere, process.execPath, CAIRN],
    });
  const typeable = async (t: Test, line: string, data: string): Promise<void> => {
    const { stdout, stderr } = await run(line, data);
    const said = (stdout + stderr).replaceAll("FORMAT", "emis");
    const named = [...said.matchAll(/cairn ((?:agent|hub|schedule) [a-z](?:[^\n;).,]|[.,](?=\S))*)/g)];
    t.not(named.length, 0, `${line} names commands`);
    for (const [, typed = ""] of named) t.match((await given(wordsOf(typed)))?.opts(), { data }, typed);
  };
  const [agent, hub] = [join(folder, "agent"), join(folder, "hub")];
  await Promise.all([typeable(t, "agent init", agent), run("hub init", hub), run("agent init", null)]);
  await Promise.all([
    typeable(t, "agent status", agent),
    typeable(t, "agent approve nothing", agent),
    typeable(t, "hub status", hub),
    typeable(t, "schedule pause 7", hub),
    typeable(t, "hub status", elsewhere),
  ]);
  const here = await run("agent status", null);
  t.match(here.stdout, /cairn agent start\n/);
  t.notMatch(here.stdout, "--data", "in the folder that commands take by themselves");
});

t.test("what another program reads is printed as it is", (t) => {
  say.completedBy(() => "completed");
  t.teardown(() => say.completedBy((text) => text));
  const out = t.capture(process.stdout, "write", () => true);
  for (const print of [say.result, say.data, say.json]) print("cairn agent pause");
  out.restore();
  const printed = out.args().map(([text]) => text);
  t.same(printed, ["completed\n", "cairn agent pause\n", '"cairn agent pause"\n']);
  t.end();
});
