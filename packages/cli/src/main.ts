/** The one command, `cairn`. It ends with 0 where it did what it was asked for, and else with a number of `EXIT`. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { EXIT } from "./exit-codes.js";
import { outliveReaders, say } from "./say.js";
import { endPlainly } from "./unforeseen.js";

/** The module of each command: only the one asked for is loaded, so that the command line answers at once. */
const OFFERED_BY: Readonly<Record<string, readonly string[]>> = {
  demo: ["demo"],
  hub: ["hub"],
  schedule: ["schedule"],
  library: ["library"],
  agent: ["agent", "import"],
  "agent start": ["agent"],
  "agent keeper": ["agent"],
  "agent courier": ["agent"],
  "agent init": ["agent"],
  "agent rules": ["agent"],
  "agent enrol": ["agent"],
  "agent import": ["import"],
  query: ["query-author", "query-run"],
  worklist: ["worklist"],
  audit: ["audit"],
  synth: ["synth"],
};

/** Text in place of a word that may be a proxy's address under a mistyped flag. */
const NOT_REPEATED = "(not repeated: it may hold a password)";

async function main(argv: string[]): Promise<void> {
  const program = new Command("cairn");
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  program
    .description("General practices compare their care without handing over a record.")
    .version((JSON.parse(manifest) as { version: string }).version)
    .configureOutput({ outputError: (words, write) => write(words.replaceAll(/\S*@\S*/g, NOT_REPEATED)) })
    .exitOverride();
  const asked = OFFERED_BY[`${argv[2]} ${argv[3]}`] ??
    OFFERED_BY[argv[2] ?? ""] ?? [...new Set(Object.values(OFFERED_BY).flat())];
  for (const name of asked) {
    const module = (await import(`./commands/${name}.js`)) as { register: (program: Command) => void };
    module.register(program);
  }
  await program.parseAsync(argv);
}

endPlainly((place) => say.unforeseen(place));
outliveReaders();
try {
  await main(process.argv);
} catch (error) {
  if (!(error instanceof CommanderError)) process.exitCode = say.problem(error);
  else if (error.exitCode !== 0) process.exitCode = EXIT["wrong-use"]; // 0: help or the version was asked for
}
