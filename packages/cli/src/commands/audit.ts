/** cairn audit ...: for whoever has to answer for what left a practice. */
import { basename } from "node:path";
import type { Command } from "commander";
import { crossCheck, problemLine, type Account, type PracticeAccount } from "@cairn/ledger";
import { signatureChecks } from "@cairn/wire";
import { registerPapers } from "../audit/papers.js";
import { readExported } from "../audit/exports.js";
import { EXIT } from "../exit-codes.js";
import { policyIn } from "../witness/policy-file.js";
import { plural, say } from "../say.js";

interface VerifyFlags {
  readonly hub: string;
  readonly practice: readonly string[];
  readonly policy?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const command = program
    .command("audit")
    .description("check and account for exported logs, on a machine of your own");
  command
    .command("verify")
    .description("check exported logs offline; exit 1 and the first thing that does not hold, if anything")
    .requiredOption(
      "--hub <file>",
      "the hub's log, from cairn hub export (--bytes: with the releases themselves)",
    )
    .requiredOption("--practice <files...>", "practices' logs, from cairn agent log --json: one or more")
    .option("--policy <file>", "who has to have countersigned the hub's log (C2SP tlog-policy)")
    .option("--all", "print everything that does not hold")
    .option("--json", "print JSON")
    .action(verify);
  registerPapers(command);
}

function verify({ hub, practice, policy, all, json }: VerifyFlags): void {
  const practices = practice.map((file) => readExported(basename(file), file));
  const account = crossCheck(
    readExported("the hub", hub),
    practices,
    signatureChecks,
    policy === undefined ? null : policyIn(policy),
  );
  if (json) say.json(all ? account : { ...account, problems: account.problems.slice(0, 1) });
  else tell(account, all ?? false);
  if (!account.verified) process.exitCode = EXIT["does-not-hold"];
}

function tell(account: Account, all: boolean): void {
  const { practices, problems, notes, verified } = account;
  if (account.hubSignedAt !== null) say.result(`the hub: exported at ${account.hubSignedAt}`);
  for (const one of practices) {
    if (verified) say.result(practiceLine(one));
    else if (one.signedAt !== null) say.result(`${one.practice}: exported at ${one.signedAt}`);
  }
  for (const words of notes) say.result(words);
  if (verified) {
    const bytes =
      account.bytes === null ? "" : `; the bytes of ${account.bytes} have their digests and signatures`;
    say.result(`The logs hold and agree: ${plural(account.releases, "release")}${bytes}.`);
    return;
  }
  const shown = all ? problems : problems.slice(0, 1);
  for (const problem of shown) say.result(`This does not hold: ${problemLine(problem)}`);
  const more = problems.length - shown.length;
  if (more > 0)
    say.result(`There ${more === 1 ? "is 1 more" : `are ${more} more`}: --all prints everything.`);
}

function practiceLine(one: PracticeAccount): string {
  const parts = [
    ...(one.signedAt === null ? [] : [`exported at ${one.signedAt}`]),
    `${plural(one.entries, "entry", "entries")} lead to its signed head`,
    `${plural(one.releases, "release")} agree with the hub${one.withdrawn > 0 ? `, ${one.withdrawn} of them withdrawn` : ""}`,
    `it countersigned ${plural(one.countersigned, "entry", "entries")} of the hub's log`,
    ...(one.waiting > 0 ? [`${plural(one.waiting, "release")} not at the hub`] : []),
  ];
  return `${one.practice}: ${parts.join("; ")}`;
}
