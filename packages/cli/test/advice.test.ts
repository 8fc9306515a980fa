/** Advice can be followed: each `cairn` command and each flag that a message, a page or a README names is there. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import t from "tap";

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
