/** cairn hub invite: join codes, for one practice or for a list of them. */
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { plural, say } from "../say.js";
import { snakeKeys } from "../snake-keys.js";
import { AS, DATA, many } from "./hub-options.js";

interface InviteFlags {
  data: string;
  practice?: string;
  group: string[];
  from?: string;
  out?: string;
  again?: boolean;
  as?: string;
  json?: boolean;
}

export function registerInvite(command: Command): void {
  command
    .command("invite")
    .description("print join codes for practices: each good for one agent and 72 hours")
    .option("--practice <name>", "one practice's name")
    .option("--group <name>", "a group that it compares in (repeat for more)", many, [])
    .option("--from <file>", 'many practices, all or none: CSV of practice,group (several as "north; board")')
    .option("--out <file>", "write the codes into a new file that only you can read")
    .option("--again", "also where a practice has an agent, which the new one would replace")
    .option(...AS)
    .option(...DATA)
    .option("--json", "print JSON")
    .action(invite);
}

async function invite(flags: InviteFlags): Promise<void> {
  const { data, practice, from, group } = flags;
  if ((practice === undefined) === (from === undefined) || (from !== undefined && group.length > 0))
    throw new hub.HubError(
      "name-wrong",
      "say --practice with its --group, or --from with a file that names both",
    );
  const wanted = from === undefined ? [{ practice: practice as string, groups: group }] : listed(from);
  const invited = await hub
    .withHub(data, async (open) => {
      await hub.requireMay(open, flags.as, "invite-practices", {});
      return kept(
        flags.out,
        () => hub.inviteAll(open, wanted, flags.as, flags.again),
        (all) => codesText(flags, all),
      );
    })
    .catch((error: unknown) => {
      if (from !== undefined && error instanceof hub.InvitationError)
        throw nobodyInvited(
          from,
          error.code,
          error.problems.map(({ at, words }) => ({ line: wanted[at]?.line ?? 1, words })),
        );
      throw error;
    });
  if (flags.out === undefined) say.data(codesText(flags, invited));
  else say.result(`${plural(invited.length, "join code")} written to ${flags.out}.`);
  notes(invited);
}

interface Wanted {
  readonly line?: number;
  readonly practice: string;
  readonly groups: readonly string[];
}

/** Reads the list of practices. @throws HubError list-wrong */
function listed(file: string): readonly Wanted[] {
  const read = hub.readInvitations(readFileSync(file, "utf8"));
  if ("problems" in read) throw nobodyInvited(file, "list-wrong", read.problems);
  if (read.unread.length > 0) say.note(`Columns that were passed over: ${read.unread.join(", ")}`);
  return read.wanted;
}

/** Every line that is wrong is said, and then that nothing came of any. */
function nobodyInvited(
  file: string,
  code: hub.HubErrorCode,
  problems: readonly { readonly line: number; readonly words: string }[],
): hub.HubError {
  for (const { line, words } of problems) say.note(`${file}:${line}: ${words}`);
  return new hub.HubError(
    code,
    `nobody was invited: see to ${plural(problems.length, "line")} of ${file} first`,
  );
}

/** Makes the file before there is anything to keep in it, so that no code is given out that nobody can read. */
async function kept<T>(
  file: string | undefined,
  work: () => Promise<T>,
  text: (made: T) => string,
): Promise<T> {
  if (file === undefined) return work();
  const out = openSync(file, "wx", 0o600);
  try {
    const made = await work();
    writeFileSync(out, `${text(made)}\n`);
    return made;
  } catch (error) {
    rmSync(file);
    throw error;
  } finally {
    closeSync(out);
  }
}

function codesText({ json, from }: InviteFlags, invited: readonly hub.Invitation[]): string {
  const codes = invited.map(({ practice, groups, code, until }) => ({ practice, groups, code, until }));
  if (json) return JSON.stringify(snakeKeys(from === undefined ? codes[0] : { invited: codes }));
  if (from === undefined) return codes[0]?.code ?? "";
  const rows = codes.map(({ practice, code, until }) => [practice, code, until].map(field).join(","));
  return ["practice,code,until", ...rows].join("\n");
}

/** A field of a CSV, quoted where it must be. */
function field(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function notes(invited: readonly hub.Invitation[]): void {
  const groups = [...new Set(invited.flatMap(({ newGroups }) => newGroups))];
  if (groups.length > 0)
    say.note(`New at this hub: ${groups.map((group) => `the group ${group}`).join(", ")}.`);
  const ended = invited.filter(({ endedEarlier }) => endedEarlier).map(({ practice }) => practice);
  if (ended.length > 0)
    say.note(`An earlier join code that nobody had used ended with the new one: ${ended.join(", ")}.`);
  say.note(
    "A join code is a secret: send it to its own practice alone, by a way that nobody else can read. What it lets in is admitted only once you have compared fingerprints.",
  );
}
