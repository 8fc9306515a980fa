/** cairn audit report, register and pack: papers for people, made from exported logs. */
import { basename } from "node:path";
import type { Command } from "commander";
import { CairnError } from "@cairn/errors";
import { writeWhole } from "@cairn/files";
import {
  groupsIn,
  isHubExport,
  joinNames,
  markdownOf,
  packPaper,
  pageOf,
  readGiven,
  REGISTER_COLUMNS,
  registerRows,
  reportPaper,
  type GivenFiles,
  type Paper,
  type Period,
  type RegisterRow,
} from "@cairn/ledger";
import { csvOf } from "@cairn/text";
import { signatureChecks } from "@cairn/wire";
import { EXIT } from "../exit-codes.js";
import { say } from "../say.js";
import { policyIn } from "../witness/policy-file.js";
import { readExported } from "./exports.js";

const FILES = [
  "<files...>",
  "exports: the hub's (cairn hub export), practices' (cairn agent log --json), or both",
] as const;
const FROM = ["--from <day>", "the first day, 2026-03-01; from the beginning without it"] as const;
const TO = ["--to <day>", "the last day, 2026-03-31; to the end without it"] as const;
const POLICY = ["--policy <file>", "who has to have countersigned the hub's log (C2SP tlog-policy)"] as const;
const HTML = ["--html <file>", "write one page that prints, instead of printing Markdown"] as const;

interface Flags {
  readonly policy?: string;
  readonly html?: string;
}

interface PeriodFlags extends Flags {
  readonly from?: string;
  readonly to?: string;
}

class PapersError extends CairnError<
  "two-hubs" | "group-unknown" | "not-a-day" | "days-reversed" | "disk-full" | "not-written"
> {
  readonly kind = this.code === "disk-full" ? "unavailable" : "wrong-use";
}

export function registerPapers(command: Command): void {
  command
    .command("report")
    .description("write the account of a period for a meeting; exit 1 where the logs do not hold")
    .argument(...FILES)
    .option(...FROM)
    .option(...TO)
    .option(...POLICY)
    .option(...HTML)
    .action((files: readonly string[], flags: PeriodFlags) => {
      const period = periodIn(flags);
      const given = givenIn(files, flags);
      print(reportPaper(given, period), given, flags);
    });
  command
    .command("register")
    .description("write the register of data uses, a row for each group, question and charter, as CSV")
    .argument(...FILES)
    .option(...FROM)
    .option(...TO)
    .option(...POLICY)
    .option("--json", "print JSON")
    .action(register);
  command
    .command("pack")
    .description(
      "fill in a DPIA, an Article 30 record, the five safes and a privacy notice, with gaps for a person",
    )
    .argument(...FILES)
    .option("--group <name>", "for this group alone")
    .option(...POLICY)
    .option(...HTML)
    .action((files: readonly string[], flags: Flags & { readonly group?: string }) => {
      const given = givenIn(files, flags);
      print(packPaper(given, groupIn(given, flags.group)), given, flags);
    });
}

function register(files: readonly string[], flags: PeriodFlags & { readonly json?: boolean }): void {
  const period = periodIn(flags);
  const given = givenIn(files, flags);
  const rows = registerRows(given, period);
  if (flags.json) say.json({ register: rows });
  else {
    const names = Object.keys(REGISTER_COLUMNS) as (keyof RegisterRow)[];
    say.result(
      csvOf([Object.values(REGISTER_COLUMNS), ...rows.map((row) => names.map((name) => row[name]))]),
    );
  }
  endAsVerified(given);
}

/** @throws PapersError two-hubs */
function givenIn(files: readonly string[], { policy }: Flags): GivenFiles {
  const exports = files.map((file) => readExported(basename(file), file));
  if (exports.filter(isHubExport).length > 1)
    throw new PapersError(
      "two-hubs",
      "two of these are a hub's export: give one hub's, and practices' of it",
    );
  return readGiven(exports, signatureChecks, policy === undefined ? null : policyIn(policy));
}

/** @throws PapersError group-unknown */
function groupIn(given: GivenFiles, name: string | undefined): string | null {
  const groups = groupsIn(given);
  if (name === undefined || groups.includes(name)) return name ?? null;
  const there = groups.length === 0 ? "they tell of no group" : `there are ${joinNames(groups)}`;
  throw new PapersError(
    "group-unknown",
    `the exports that were given hold no charter and no question of a group ${JSON.stringify(name)}: ${there}`,
  );
}

/** @throws PapersError not-a-day, days-reversed */
function periodIn(flags: PeriodFlags): Period {
  const [from, to] = [dayIn(flags.from), dayIn(flags.to)];
  if (from !== null && to !== null && from > to)
    throw new PapersError(
      "days-reversed",
      `--from ${from} is after --to ${to}: write the first day as --from`,
    );
  return { from, to };
}

/** @throws PapersError not-a-day */
function dayIn(text: string | undefined): string | null {
  if (text === undefined) return null;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (isDay && new Date(text).toISOString().startsWith(text)) return text;
  throw new PapersError("not-a-day", `${JSON.stringify(text)} is no day: write it as 2026-03-31`);
}

function print(paper: Paper, given: GivenFiles, { html }: Flags): void {
  if (html === undefined) say.result(markdownOf(paper));
  else {
    writePage(html, pageOf(paper));
    say.result(`Written: ${html}`);
  }
  endAsVerified(given);
}

/** Writes a page whole, in the place of any other. @throws PapersError disk-full, not-written */
function writePage(path: string, text: string): void {
  try {
    writeWhole(path, text, {
      diskFull: (words, cause) => new PapersError("disk-full", words, { cause }),
    });
  } catch (cause) {
    const why = REFUSED_BY_SYSTEM[String((cause as NodeJS.ErrnoException).code)];
    if (cause instanceof PapersError || why === undefined) throw cause;
    throw new PapersError("not-written", `${path} cannot be written: ${why}`, { cause });
  }
}

const REFUSED_BY_SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: "its folder is not there; make it first, or write to another",
  ENOTDIR: "its folder is a file; write to another",
  EISDIR: "it is a folder; give the name of a file",
  EACCES: "this user may not write there; write to another folder",
  EPERM: "this user may not write there; write to another folder",
  EROFS: "the disk is read-only; write to another",
};

/** Ends as `cairn audit verify` does: with 1, and the first thing that does not hold. */
function endAsVerified({ account: { verified, problem } }: GivenFiles): void {
  if (verified) return;
  say.note(`This does not hold: ${problem}`);
  process.exitCode = EXIT["does-not-hold"];
}
