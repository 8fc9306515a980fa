/** The one command, `cairn`. It ends with 0 where it did what it was asked for, and else with a number of `EXIT`. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { CairnError } from "@cairn/errors";
import { goOnAsOwner } from "./as-owner.js";
import { forgetGiverUnlessRoots } from "./config.js";
import { EXIT } from "./exit-codes.js";
import { inSameFolder, namesFolder } from "./same-folder.js";
import { outliveReaders, say } from "./say.js";
import { endPlainly } from "./unforeseen.js";

/** The module of each command: only the one asked for is loaded, so that the command line answers at once. */
const OFFERED_BY: Readonly<Record<string, readonly string[]>> = {
  demo: ["demo"],
  hub: ["hub"],
  schedule: ["schedule"],
  library: ["library", "library-publish"],
  "library publish": ["library-publish", "library"],
  agent: ["agent", "import"],
  "agent start": ["agent"],
  "agent keeper": ["agent"],
  "agent courier": ["agent"],
  "agent init": ["agent"],
  "agent rules": ["agent"],
  "agent enrol": ["agent"],
  "agent import": ["import"],
  charter: ["charter"],
  query: ["query-author", "query-run"],
  "query run": ["query-run"],
  "query preview": ["query-run"],
  worklist: ["worklist"],
  audit: ["audit"],
  witness: ["witness"],
  synth: ["synth"],
};

/** The packages that do what a module offers. A module without one of its packages offers nothing. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  demo: ["@cairn/demo"],
  hub: ["@cairn/hub"],
  schedule: ["@cairn/hub"],
  library: ["@cairn/library", "@cairn/query-library", "@cairn/signed-library"],
  "library-publish": ["@cairn/hub", "@cairn/signed-library"],
  agent: ["@cairn/agent"],
  import: ["@cairn/agent"],
  charter: ["@cairn/authoring"],
  "query-author": ["@cairn/authoring"],
  "query-run": ["@cairn/agent", "@cairn/authoring"],
  worklist: ["@cairn/agent", "@cairn/authoring"],
  audit: [],
  witness: [],
  synth: ["@cairn/synthetic"],
};

/** A practice's machine has no hub, and a hub's no agent. */
class NotInstalledError extends CairnError<"not-installed"> {
  readonly kind = "wrong-use";
}

function isInstalled(name: string): boolean {
  try {
    return import.meta.resolve(name) !== "";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND"; // it may have no main entry
  }
}

/** Text in place of a word that may be a proxy's address under a mistyped flag. */
const NOT_REPEATED = "(not repeated: it may hold a password)";

async function main(argv: string[]): Promise<void> {
  forgetGiverUnlessRoots();
  const program = new Command("cairn");
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  program
    .description("General practices compare their care without handing over a record.")
    .version((JSON.parse(manifest) as { version: string }).version)
    .configureOutput({ outputError: (words, write) => write(words.replaceAll(/\S*@\S*/g, NOT_REPEATED)) })
    .exitOverride();
  const offered = OFFERED_BY[`${argv[2]} ${argv[3]}`] ??
    OFFERED_BY[argv[2] ?? ""] ?? [...new Set(Object.values(OFFERED_BY).flat())];
  const installed = offered.filter((name) => (NEEDS[name] ?? []).every(isInstalled));
  if (installed.length === 0)
    throw new NotInstalledError(
      "not-installed",
      `cairn ${argv[2]} is not installed here: it comes with ${NEEDS[offered[0] ?? ""]?.[0]}. Give it where that is installed, or in a checkout (npm ci && npx cairn ${argv[2]})`,
    );
  await offer(program, installed);
  program.hook("preAction", async (_program, command) => {
    await goOnAsOwner(command);
    if (namesFolder(command)) say.completedBy(inSameFolder(command, await offeredBeside(installed)));
  });
  await program.parseAsync(argv);
}

async function offer(program: Command, modules: readonly string[]): Promise<Command> {
  for (const name of modules) {
    const module = (await import(`./commands/${name}.js`)) as { register: (program: Command) => void };
    module.register(program);
  }
  return program;
}

/** The commands of `modules` and of those that need the same package as the first: they are about the same folders. */
function offeredBeside(modules: readonly string[]): Promise<Command> {
  const room = NEEDS[modules[0] ?? ""]?.[0];
  const beside = Object.entries(NEEDS).filter(
    ([, needs]) => room !== undefined && needs[0] === room && needs.every(isInstalled),
  );
  return offer(new Command("cairn"), [...new Set([...modules, ...beside.map(([name]) => name)])]);
}

endPlainly((place) => say.unforeseen(place));
outliveReaders();
try {
  await main(process.argv);
} catch (error) {
  if (!(error instanceof CommanderError)) process.exitCode = say.problem(error);
  else if (error.exitCode !== 0) process.exitCode = EXIT["wrong-use"]; // 0: help or the version was asked for
}
