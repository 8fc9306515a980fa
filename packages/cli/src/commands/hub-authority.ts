/** cairn hub ca ...: the hub's certificate authority, its issuer and its roots. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { minute } from "@cairn/text";
import { plural, say } from "../say.js";
import { AS, DATA, FOLDER, many } from "./hub-options.js";

interface NextFlags {
  data: string;
  issuer?: boolean;
  root?: boolean;
  rootKey: string[];
  out?: string;
  stolen?: boolean;
  as?: string;
}

interface DropFlags {
  data: string;
  rootKey: string[];
  leaveOut?: boolean;
  as?: string;
}

export function registerAuthority(command: Command): void {
  const authority = command
    .command("ca")
    .description("the hub's certificate authority: how it stands, its next issuer and root");
  authority
    .command("show", { isDefault: true })
    .description("print when the hub's certificates end, which agents know its next root, and what to do")
    .option(...DATA)
    .option("--json", "print JSON")
    .action(show);
  authority
    .command("next")
    .description("make another issuer, or the next root beside the present one, while the hub runs")
    .option("--issuer", "another issuer, which signs from now on")
    .option("--root", "the next root, which agents learn of as they renew")
    .option("--root-key <file>", "the key of a root in force (repeat for two)", many, [])
    .option("--out <file>", "where to write the next root's key: a new file, not in the hub's folder")
    .option("--stolen", "with --issuer: the key of the one before is in other hands, and counts no more")
    .option(...AS)
    .option(...DATA)
    .action(next);
  authority
    .command("drop")
    .description("drop the older of two roots")
    .option(
      "--root-key <file>",
      "the key of the newer root, which states to agents that the older ended",
      many,
      [],
    )
    .option("--leave-out", "also where that leaves out practices, which then need a new join code")
    .option(...AS)
    .option(...DATA)
    .action(drop);
}

async function show({ data, json }: { data: string; json?: boolean }): Promise<void> {
  await hub.withHub(data, async (open) => {
    const status = await hub.authorityStatus(open);
    if (json) {
      say.json(status);
      return;
    }
    for (const { what, name, until } of status.certificates)
      say.result(`${what.padEnd(6)}  until ${minute(until)}  ${name}`);
    const folder = data === FOLDER ? null : data;
    say.result(status.todo.length === 0 ? "Nothing for you to do." : "To do:");
    for (const { what, command } of status.todo)
      say.result(`  ${what}${command ? `\n    ${hub.commandLine(command, folder)}` : ""}`);
  });
}

async function next(flags: NextFlags): Promise<void> {
  const { data, as, out } = flags;
  if (Boolean(flags.issuer) === Boolean(flags.root) || Boolean(flags.root) !== (out !== undefined))
    throw new hub.HubError("root-key-wrong", "say --issuer, or --root with --out FILE for its key");
  if (flags.root && flags.stolen)
    throw new hub.HubError(
      "root-key-wrong",
      "--stolen goes with --issuer: where a root's key was stolen, make the next root, then drop the older one",
    );
  await hub.withHub(data, async (open) => {
    await hub.requireMay(open, as, "operate-hub", {});
    const kept = join(data, "keys/root.key");
    const rootKeys = keysOf(flags.rootKey.length === 0 && existsSync(kept) ? [kept] : flags.rootKey);
    const by = as === undefined ? {} : { by: as };
    if (out === undefined) {
      await hub.replaceIssuer(open, { rootKeys, isStolen: flags.stolen ?? false, ...by });
      say.result("Another issuer signs from now on. Agents take its certificates as they renew.");
      return;
    }
    await hub.addRoot(open, { rootKeys, out, ...by });
    say.result(`The next root is made. Its key is ${out}: keep it on an encrypted stick in a drawer.`);
    say.note(
      "Keep the present root's key, too, until that root is dropped. cairn hub ca says which agents do not know the next one yet.",
    );
  });
}

function keysOf(files: readonly string[]): string[] {
  return files.map((file) => readFileSync(file, "utf8"));
}

async function drop(flags: DropFlags): Promise<void> {
  const { as } = flags;
  await hub.withHub(flags.data, async (open) => {
    await hub.requireMay(open, as, "operate-hub", {});
    const mayLeaveOut = flags.leaveOut ?? false;
    const by = as === undefined ? {} : { by: as };
    const leftOut = await hub.dropRoot(open, { rootKeys: keysOf(flags.rootKey), mayLeaveOut, ...by });
    say.result(
      "The older root is dropped. Back the hub up (cairn hub backup): an older copy knows that root alone.",
    );
    if (leftOut.length > 0)
      say.note(`${plural(leftOut.length, "practice")} left out, invite each again: ${leftOut.join(", ")}`);
  });
}
