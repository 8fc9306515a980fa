/** cairn demo: eight invented practices, a hub, and the cluster's comparison. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import {
  BOARD,
  boardWords,
  CairnCommand,
  comparisons,
  demoCharters,
  Federation,
  FIRST_QUERIES,
  hubEyes,
  lookLines,
  GROUP,
  OWN,
  picture,
  type Practice,
  practiceEyes,
  runStory,
  theOthers,
  titles,
  verifyAll,
} from "@cairn/demo";
import { CairnError } from "@cairn/errors";
import { progressOn } from "../progress.js";
import { plural, say } from "../say.js";

interface Flags {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly keep?: string;
}

/** Seconds without a poll after which a practice shows as offline; an hour in practice. */
const OFFLINE_AFTER_S = 5;

class DemoError extends CairnError<"demo-options"> {
  readonly kind = "wrong-use";
}

/** The person pressed Ctrl-C: nothing went wrong. */
class Interrupted extends Error {}

export function register(program: Command): void {
  program
    .command("demo")
    .description("a hub and eight invented practices on this machine, and the cluster's comparison")
    .option("--once", "end after the comparison instead of serving it")
    .option("--json", "with --once: print one JSON object on standard output")
    .option("--keep <dir>", "work in this new or empty folder, and leave it there")
    .action(demo);
}

async function demo(flags: Flags): Promise<void> {
  if (flags.json && !flags.once)
    throw new DemoError("demo-options", "--json goes with --once: cairn demo --once --json");
  const interrupted = interruption();
  const folder = flags.keep ? emptyFolder(flags.keep) : mkdtempSync(join(tmpdir(), "cairn-demo-"));
  const command = new CairnCommand(process.argv[1] as string); // this very one
  const federation = new Federation({
    command,
    folder,
    group: GROUP,
    charters: demoCharters(),
    offlineAfter: OFFLINE_AFTER_S,
    witness: true,
  });
  const progress = progressOn(process.stderr);
  say.note(
    "This takes about two minutes: it starts a hub and eight practices, makes their records, lets them answer, and compares. Ctrl-C ends it.",
  );
  const story = runStory(federation, today(), progress);
  try {
    await Promise.race([story, interrupted]);
    progress.end();
    await show(federation, flags);
    if (!flags.once) await interrupted;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  } finally {
    await command.end();
    await story.catch(() => undefined); // it begins nothing new, and its folder is removed
    progress.end();
    await federation.stop();
    if (!flags.keep) rmSync(folder, { recursive: true, force: true });
  }
}

async function show(federation: Federation, flags: Flags): Promise<void> {
  const [all, board, audit] = await Promise.all([
    comparisons(federation),
    comparisons(federation, BOARD),
    verifyAll(federation),
  ]);
  if (flags.json) {
    const practices = federation.practices.map(({ spec }) => spec.name);
    const other_groups = [{ group: BOARD, comparisons: board }];
    say.json({ practices, queries: FIRST_QUERIES, comparisons: all, other_groups, audit });
    return;
  }
  const library = titles();
  const paragraphs = [
    picture(all, library, OWN),
    boardWords(board, BOARD, GROUP, OWN),
    audit.verified
      ? `The practices' logs and the hub's hold and agree: ${plural(audit.releases, "release")}.\nAn officer's witness countersigned the hub's log.`
      : `The logs do not agree: ${audit.problem}`,
    theOthers([...library.keys()], flags.once ? null : federation.hubData, GROUP),
  ];
  say.result(`\n${paragraphs.join("\n\n")}`);
  if (!flags.once) {
    const [own] = federation.practices as [Practice];
    say.result(
      "\nOpen a link in a browser to look around; each works once. For two people at a time, use a private window.",
    );
    say.result(`The hub's pages, ${federation.addresses.pages}, as\n${lookLines(await hubEyes(federation))}`);
    say.result(`${OWN}'s own pages, ${own.page}, as\n${lookLines(await practiceEyes(own))}`);
    say.result(
      flags.keep === undefined
        ? "Ctrl-C ends the demo and removes everything it made."
        : `Ctrl-C ends the demo; what it made stays in ${flags.keep}.`,
    );
  }
}

function emptyFolder(path: string): string {
  const folder = resolve(path);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new DemoError("demo-options", `${folder} is not empty: name a new folder`);
  }
  mkdirSync(folder, { recursive: true });
  return folder;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Rejects when the person or the system asks for an end. */
function interruption(): Promise<never> {
  const asked = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => reject(new Interrupted(signal)));
  });
  asked.catch(() => undefined); // nobody may be waiting yet
  return asked;
}
