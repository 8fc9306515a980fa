/** cairn library init, add, delegate, accept, renew and rotate: what is to be signed next. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { readLibraryFolder } from "@cairn/query-library/folder";
import {
  accept,
  addToNext,
  changes,
  delegateTo,
  initWorkspace,
  readPub,
  renew,
  rotate,
} from "@cairn/signed-library/signing";
import { LibraryError } from "@cairn/signed-library";
import { say } from "../../say.js";
import { DIR, JSON_FLAG } from "./options.js";
import { changesText } from "./words.js";

interface Flags {
  dir: string;
  json?: boolean;
}

interface InitFlags extends Flags {
  root: string[];
  signer: string[];
  hub: string;
  from?: string;
}

interface AddFlags extends Flags {
  queries?: string | true;
  charter?: string[];
  policy?: string;
  retire?: string[];
}

interface RotateFlags extends Flags {
  remove?: string[];
  root?: string[];
  signer?: string[];
  hub?: string;
}

export function registerPreparing(command: Command): void {
  command
    .command("init")
    .description("make a library's folder, and name who may sign")
    .requiredOption("--root <file...>", "NAME.pub of three people: any two of them say who may sign")
    .requiredOption(
      "--signer <file...>",
      "NAME.pub of who signs the library: one clinical, one governance, or more",
    )
    .requiredOption("--hub <file>", "the hub's key: cairn hub library-key --data HUB > hub.pub")
    .option("--from <dir>", "take over the library of this folder, whose root keys are lost")
    .option(...DIR)
    .option(...JSON_FLAG)
    .action(({ dir, root, signer, hub, from, json }: InitFlags) => {
      const keys = { root: root.map(readPub), targets: signer.map(readPub), online: readPub(hub) };
      initWorkspace(dir, keys, Date.now(), from);
      tell(dir, { dropped: [] }, json);
    });
  command
    .command("add")
    .description("say what is new in the library; with nothing new it is only signed anew")
    .option(
      "--queries [dir]",
      "a folder of queries, in the place of the one so far; the one that comes with Cairn where no folder is named",
    )
    .option("--charter <file...>", "charters, as their authors write them (cairn charter check)")
    .option("--policy <file>", "the witness policy")
    .option(
      "--retire <what...>",
      "what is in force no more: NAME@VERSION, charters/GROUP.json, witness-policy",
    )
    .option(...DIR)
    .option(...JSON_FLAG)
    .action(async ({ dir, queries, charter, policy, retire, json }: AddFlags) => {
      const additions = {
        ...(queries === undefined
          ? {}
          : { files: readLibraryFolder(queries === true ? await ownFolder() : queries) }),
        ...(policy === undefined ? {} : { policy: readFileSync(policy, "utf8") }),
        charters: await chartersIn(charter),
        retire: retire ?? [],
      };
      if (additions.policy !== undefined) await requirePolicy(additions.policy);
      tell(dir, addToNext(dir, additions, Date.now()), json);
    });
  command
    .command("delegate")
    .argument("<body>", "a body to which practices may leave it to accept queries")
    .description("name the people of a body, two of whom sign what it accepts")
    .requiredOption("--key <file...>", "their NAME.pub: two or more")
    .option(...DIR)
    .option(...JSON_FLAG)
    .action((body: string, { dir, key, json }: Flags & { key: string[] }) => {
      tell(dir, delegateTo(dir, body, key.map(readPub), Date.now()), json);
    });
  command
    .command("accept")
    .argument("<body>", "a body that the library names (cairn library delegate)")
    .argument("[query...]", "NAME@VERSION of queries that it accepts from now on")
    .description(
      "say what a body accepts, for two of its people to sign; with nothing new it only holds longer",
    )
    .option("--no-more <query...>", "NAME@VERSION of queries that it accepts no more")
    .option(...DIR)
    .option(...JSON_FLAG)
    .action((body: string, query: string[], { dir, noMore, json }: Flags & { noMore?: string[] }) => {
      tell(dir, accept(dir, body, { accepts: query, noMore: noMore ?? [] }, Date.now()), json);
    });
  command
    .command("renew")
    .description("let the library hold for another 180 days, and the root for a year where it ends soon")
    .option(...DIR)
    .option(...JSON_FLAG)
    .action(({ dir, json }: Flags) => tell(dir, renew(dir, Date.now()), json));
  command
    .command("rotate")
    .description("change who may sign; with no change the root only holds for another year")
    .option("--remove <name...>", "people whose keys count no more")
    .option("--root <file...>", "NAME.pub of who comes to say who may sign")
    .option("--signer <file...>", "NAME.pub of who comes to sign the library")
    .option("--hub <file>", "another key of the hub")
    .option(...DIR)
    .option(...JSON_FLAG)
    .action(({ dir, remove, root, signer, hub, json }: RotateFlags) => {
      const changed = {
        remove: remove ?? [],
        root: (root ?? []).map(readPub),
        signers: (signer ?? []).map(readPub),
        ...(hub === undefined ? {} : { online: readPub(hub) }),
      };
      tell(dir, rotate(dir, changed, Date.now()), json);
    });
}

/** What waits now, and what to do next. */
function tell(dir: string, { dropped }: { readonly dropped: readonly string[] }, json = false): void {
  const waiting = changes(dir, Date.now());
  if (json) return say.json({ ...waiting, dropped });
  say.result(changesText(waiting));
  if (dropped.length > 0)
    say.note(`What ${dropped.join(" and ")} had signed was changed by this: they are asked to sign again.`);
  say.note(`Next: each who is asked gives cairn library sign --key NAME.key`);
}

/** Charters of files that check, as they are signed, by group. @throws QueryFileError */
async function chartersIn(files: readonly string[] = []): Promise<Map<string, string>> {
  if (files.length === 0) return new Map();
  const [{ loadCharter }, { charterBytes }] = await Promise.all([
    import("@cairn/authoring"),
    import("@cairn/charters"),
  ]);
  const charters = files.map(loadCharter);
  return new Map(charters.map((one) => [one.group, charterBytes(one).toString("utf8")]));
}

/** @throws LibraryError library-wrong */
async function requirePolicy(text: string): Promise<void> {
  const { asksNobodyElse, readPolicy } = await import("@cairn/audit-log");
  const read = readPolicy(text);
  const problem = read.ok ? asksNobodyElse(read.policy) : read.problem;
  if (problem !== null)
    throw new LibraryError(
      "library-wrong",
      `this is no policy of witnesses (docs/audit.md has one): ${problem}`,
    );
}

async function ownFolder(): Promise<string> {
  const { LIBRARY_LOCATION } = await import("@cairn/library");
  return fileURLToPath(LIBRARY_LOCATION);
}
