/** `cairn charter new / check / explain / diff`: what a group is, as its author writes it. */
import type { Command } from "commander";
import { checkCharter, loadCharter, newCharter, type CheckedCharter } from "@cairn/authoring";
import { charterDiff, charterDigest, charterText, explainCharter, type CharterChange } from "@cairn/charters";
import { problemLine } from "@cairn/query-library";
import { EXIT } from "../exit-codes.js";
import { say } from "../say.js";

export function register(program: Command): void {
  const charter = program
    .command("charter")
    .description("write charters: what a group is for, who sees what");
  charter
    .command("new")
    .description("print a charter to fill in, for a file: what its preset leaves open, with what to write")
    .argument("<group>", "the group's name, as schedules and invitations use it")
    .requiredOption(
      "--extends <preset>",
      "scottish-cluster, facilitated, provider-group, commissioner or benchmark",
    )
    .action((group: string, { extends: preset }: { extends: string }) => {
      say.result(newCharter(group, preset).trimEnd());
    });
  charter
    .command("check")
    .description(
      "check charters against their presets, each other's fields and the library; exit 1 where one does not hold",
    )
    .argument("<file...>", "files of charters")
    .option(
      "--library <dir>",
      "folder of the queries that may be named; that which comes with Cairn where absent",
    )
    .option("--json", "print what was found as JSON")
    .action((files: string[], options: Options) => check(files, options));
  charter
    .command("explain")
    .description("write a charter in plain English, as a practice reads it before it accepts")
    .argument("<file>", "a charter's file")
    .option("--json", "as JSON in place of text")
    .action((file: string, options: Options) => explain(file, options));
  charter
    .command("diff")
    .description(
      "show what changed between two versions of a charter, and what of it each practice accepts anew",
    )
    .argument("<before>", "a charter's file")
    .argument("<after>", "a charter's file")
    .option("--json", "print the changes as JSON")
    .action((before: string, after: string, options: Options) => diff(before, after, options));
}

interface Options {
  readonly json?: boolean;
  readonly library?: string;
}

function check(files: readonly string[], { json, library }: Options): void {
  const checked = files.map((file) => checkCharter(file, library));
  if (json) say.json({ files: checked.map(foundIn) });
  else for (const one of checked) say.result(wordsOf(one));
  if (checked.some(({ charter }) => charter === null)) process.exitCode = EXIT["does-not-hold"];
}

function foundIn({ file, charter, problems }: CheckedCharter): unknown {
  return {
    file,
    charter: charter?.group ?? null,
    extends: charter?.preset ?? null,
    digest: charter === null ? null : charterDigest(charter),
    problems,
  };
}

function wordsOf({ file, charter, problems }: CheckedCharter): string {
  if (charter === null) return problems.map(problemLine).join("\n");
  return `${file}: the charter of ${charter.group} checks (sha256 ${charterDigest(charter)})`;
}

function explain(file: string, { json }: Options): void {
  const charter = loadCharter(file);
  if (json)
    say.json({ charter: charter.group, digest: charterDigest(charter), lines: explainCharter(charter) });
  else say.result(charterText(charter));
}

function diff(before: string, after: string, { json }: Options): void {
  const changes = charterDiff(loadCharter(before), loadCharter(after));
  const widening = changes.filter((change) => change.widens).length;
  if (json) {
    say.json({ widens: widening > 0, changes });
    return;
  }
  for (const change of changes) say.result(changeWords(change));
  if (changes.length === 0) say.result("Nothing has changed.");
  else if (widening === 0) say.result("Nothing widens.");
  else
    say.result(
      "It widens: each practice is asked anew, and until a person there accepts, the group gets nothing new.",
    );
}

function changeWords({ what, was, is, widens }: CharterChange): string {
  return `${what}${widens ? " (widens)" : ""}\n  was: ${was}\n  is:  ${is}\n`;
}
