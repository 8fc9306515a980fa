/** `cairn query check / explain / diff / preflight / export-fhir`: an author at work, away from any record. */
import { type Command, InvalidArgumentError } from "commander";
import { policyNamed } from "@cairn/disclosure";
import {
  diff,
  explain,
  explanationMarkdown,
  explanationText,
  problemLine,
  toMeasure,
  type Example,
  type Query,
} from "@cairn/query-library";
import {
  answerFor,
  checkFile,
  checkRegister,
  countWords,
  filesToCheck,
  isRegister,
  loadQuery,
  loadWithExamples,
  queryFiles,
  type CheckedQuery,
  type CheckedRegister,
  type Counts,
} from "@cairn/authoring";
import { estimate, type AssumedShares } from "@cairn/authoring";
import { preflightText, splitYaml } from "@cairn/authoring";
import { EXIT } from "../exit-codes.js";
import { say } from "../say.js";

export function register(program: Command): void {
  const query =
    program.commands.find((command) => command.name() === "query") ??
    program.command("query").description("write, check and try queries");
  query
    .command("check")
    .description(
      "check queries and registers, and run worked examples with both engines; exit 1 where one does not hold",
    )
    .argument(
      "<file...>",
      "files of queries or registers, folders of them, or names of queries of the library",
    )
    .option("--library <dir>", "where codelists are looked for after the file's own codelists/")
    .option("--json", "print what was found as JSON")
    .action((files: string[], options: Options) => check(files, options));
  query
    .command("explain")
    .description("write a query in plain English, as a rule table for sign-off")
    .argument("<file>", "a query file, or the name of a query of the library")
    .option("--library <dir>", "where codelists are looked for after the file's own codelists/")
    .option("--markdown", "as Markdown in place of text")
    .option("--json", "as JSON in place of text")
    .action((file: string, options: Options) => explainFile(file, options));
  query
    .command("diff")
    .description("show what changed between two versions of a query, and which examples it changes")
    .argument("<before>", "a query file, or the name of a query of the library")
    .argument("<after>", "a query file, or the name of a query of the library")
    .option("--library <dir>", "where codelists are looked for after the file's own codelists/")
    .option("--json", "print the changes as JSON")
    .action((before: string, after: string, options: Options) => diffFiles(before, after, options));
  query
    .command("preflight")
    .description("estimate, before anything runs, what would be withheld or carried, by split and cadence")
    .argument("<file...>", "query files, folders of them, or names of queries of the library")
    .option("--denominator <share>", "of the people it can ask about, in the denominator: 0.08 or 8%", share)
    .option("--numerator <share>", "of the denominator, in the numerator", share)
    .option("--policy <name>", "the policy in force", "k8-r5")
    .option("--library <dir>", "where codelists are looked for after the file's own codelists/")
    .option("--json", "print the estimate as JSON")
    .action((files: string[], options: PreflightOptions) => preflightFiles(files, options));
  query
    .command("export-fhir")
    .description("write a query as a FHIR R4 Measure")
    .argument("<file>", "a query file, or the name of a query of the library")
    .option("--library <dir>", "where codelists are looked for after the file's own codelists/")
    .option("--url <url>", "where the library is published")
    .action((file: string, options: Options & { readonly url?: string }) => {
      const measure = toMeasure(loadQuery(file, options.library), options.url?.replace(/\/+$/, ""));
      say.data(JSON.stringify(measure, null, 2));
    });
}

interface Options {
  readonly library?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

interface PreflightOptions extends Options, Partial<AssumedShares> {
  readonly policy: string;
}

function share(text: string): number {
  const value = text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError("write a share from 0 to 1, or a percentage");
  return value;
}

function preflightFiles(files: readonly string[], options: PreflightOptions): void {
  const policy = policyNamed(options.policy);
  const flights = files
    .flatMap(queryFiles)
    .map((file) => ({ file, flight: estimate(loadQuery(file, options.library), policy, options) }));
  if (!options.json) {
    say.result(flights.map(({ flight }) => preflightText(flight, policy)).join("\n\n"));
    return;
  }
  say.json({
    policy: policy.name,
    files: flights.map(({ file, flight: { query, assumed, cadences, tooLittleAt, coarser } }) => ({
      file,
      query: query.query,
      version: query.version,
      assumed,
      cadences,
      lessThanHalfAt: tooLittleAt,
      coarser: coarser.map(({ split, instead, ...numbers }) => ({
        split: splitYaml(split),
        instead: instead?.map(splitYaml) ?? null,
        ...numbers,
      })),
    })),
  });
}

function check(files: readonly string[], options: Options): void {
  const checked = files
    .flatMap(filesToCheck)
    .map((file) => (isRegister(file) ? ofRegister(file, options) : ofQuery(file, options)));
  if (options.json) say.json({ files: checked.map(({ json }) => json) });
  else for (const { text } of checked) say.result(text);
  if (checked.some(({ holds }) => !holds)) process.exitCode = EXIT["does-not-hold"];
}

/** What was found in one file. */
interface CheckResult {
  readonly holds: boolean;
  readonly text: string;
  readonly json: unknown;
}

function ofQuery(written: string, { library }: Options): CheckResult {
  const checked = checkFile(written, library);
  const { file, query, examples } = checked;
  const problems = [...checked.problems, ...checked.unmet];
  return {
    holds: problems.length === 0,
    text: problems.length > 0 ? problems.map(problemLine).join("\n") : queryText(checked),
    json: {
      file,
      query: query?.query ?? null,
      version: query?.version ?? null,
      digest: query?.digest ?? null,
      examples: examples.length,
      problems,
    },
  };
}

function queryText({ file, query, examples }: CheckedQuery): string {
  if (query === null) return `${file}: it holds no query`;
  const held =
    examples.length === 0
      ? "it has no worked examples"
      : `${examples.length === 1 ? "its worked example holds" : `its ${examples.length} worked examples hold`}`;
  return `${file}: ${query.query} ${query.version} checks, ${held} (sha256 ${query.digest})`;
}

function ofRegister(written: string, { library }: Options): CheckResult {
  const { file, register, problems }: CheckedRegister = checkRegister(written, library);
  return {
    holds: register !== null,
    text:
      register === null
        ? problems.map(problemLine).join("\n")
        : `${file}: the register ${register.name}@${register.version} checks`,
    json: { file, register: register?.name ?? null, version: register?.version ?? null, problems },
  };
}

function explainFile(file: string, options: Options): void {
  const explanation = explain(loadQuery(file, options.library));
  if (options.json) say.json(explanation);
  else say.result(options.markdown ? explanationMarkdown(explanation) : explanationText(explanation));
}

function diffFiles(before: string, after: string, options: Options): void {
  const [a, b] = [before, after].map((file) => loadWithExamples(file, options.library));
  const changes = diff(a!.query, b!.query);
  const effects = [...a!.examples, ...b!.examples].flatMap((example) =>
    effectOf(example, a!.query, b!.query),
  );
  const distinct = [...new Map(effects.map((effect) => [JSON.stringify(effect), effect])).values()];
  if (options.json) {
    say.json({ changes, examples: distinct });
    return;
  }
  if (changes.length === 0) say.result("Nothing that is counted or said has changed.");
  for (const { where, was, is } of changes) {
    say.result(`${where}\n  was: ${was ?? "(not there)"}\n  is:  ${is ?? "(not there)"}\n`);
  }
  for (const { what, date, was, is } of distinct) {
    say.result(`Example "${what}" at ${date}: was ${countWords(was)}, is ${countWords(is)}`);
  }
  if (changes.length > 0 && distinct.length === 0) say.result("No worked example is answered otherwise.");
}

function effectOf(
  { what, patient, expect }: Example,
  a: Query,
  b: Query,
): { what: string; date: string; was: Counts; is: Counts }[] {
  const dates = expect.map(({ date }) => date);
  const before = answerFor(a, patient, dates);
  const after = answerFor(b, patient, dates);
  return dates.flatMap((date, i) => {
    const [was, is] = [before[i]!, after[i]!];
    return countWords(was) === countWords(is) ? [] : [{ what, date, was, is }];
  });
}
