/** cairn hub admit, revoke, practices, status and practice ...: who takes part, and how they stand. */
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { isMeant } from "../confirm.js";
import { plural, say } from "../say.js";
import { registerInvite } from "./hub-invite.js";
import { AS, DATA, FOLDER } from "./hub-options.js";

interface Deciding {
  data: string;
  as?: string;
}

export function registerPractices(command: Command): void {
  registerInvite(command);
  command
    .command("admit")
    .argument("[practice]", "the practice's name")
    .description("admit an agent whose fingerprint you have compared with the practice's screen")
    .option("--fingerprint <text>", "as the practice reads it out")
    .option("--list", "show who waits")
    .option(...AS)
    .option(...DATA)
    .option("--json", "print JSON")
    .action(admit);
  command
    .command("revoke")
    .argument("<practice>", "the practice's name")
    .description("lock a practice's agent out from its next call on")
    .option(...AS)
    .option(...DATA)
    .action(async (practice: string, { data, as }: Deciding) => {
      await hub.withHub(data, async (open) => {
        await hub.requireMay(open, as, "admit-practices", {});
        return hub.revoke(open, practice, as);
      });
      say.result(`${practice} is locked out. A new join code lets it in again.`);
    });
  command
    .command("status")
    .description("what you have to do next, and where each practice stands")
    .option(...DATA)
    .option("--json", "print JSON")
    .action(status);
  command
    .command("practices")
    .description("list practices, their groups, and when their agents were last heard of")
    .option(...DATA)
    .option("--json", "print JSON")
    .action(async ({ data, json }: { data: string; json?: boolean }) => {
      const practices = await hub.withHub(data, (open) => hub.listPractices(open));
      if (json) say.json({ practices });
      else if (practices.length === 0) say.result("No practice is invited yet.");
      else for (const one of practices) say.result(hub.practiceLine(one));
    });
  registerPractice(command.command("practice").description("change what the hub knows of a practice"));
}

function registerPractice(command: Command): void {
  command
    .command("rename")
    .argument("<practice>", "its name now")
    .argument("<name>", "its new name")
    .description("give a practice another name; its history, groups and agent go on")
    .option(...AS)
    .option(...DATA)
    .action(async (practice: string, name: string, { data, as }: Deciding) => {
      const renamed = await hub.withHub(data, async (open) => {
        await hub.requireMay(open, as, "invite-practices", {});
        return hub.renamePractice(open, practice, name, as);
      });
      if (!renamed) return say.result(`${practice} is called that already.`);
      say.result(
        `${practice} is called ${name} from now on; entries of the hub's log before now name it as it was called then.`,
      );
    });
  command
    .command("add-to")
    .argument("<practice>", "the practice's name")
    .argument("<group>", "made where it is new")
    .description("ask a practice for a group too, once a person there has accepted the group")
    .option(...AS)
    .option(...DATA)
    .action(async (practice: string, group: string, { data, as }: Deciding) => {
      const joined = await hub.withHub(data, async (open) => {
        await hub.requireMay(open, as, "invite-practices", {});
        return hub.addToGroup(open, practice, group, as);
      });
      if (!joined.isNewMember) return say.result(`${practice} is in ${group} already.`);
      say.result(`${practice} is in ${group} at this hub.`);
      if (joined.isNewGroup) say.note(`New at this hub: the group ${group}.`);
      say.note("Nothing is answered for the group before a person at the practice says cairn agent join.");
    });
  command
    .command("remove-from")
    .argument("<practice>", "the practice's name")
    .argument("<group>", "the group")
    .description("ask a practice no more for a group; figures that were made stay")
    .option(...AS)
    .option(...DATA)
    .action(async (practice: string, group: string, { data, as }: Deciding) => {
      const ended = await hub.withHub(data, async (open) => {
        await hub.requireMay(open, as, "invite-practices", {});
        return hub.removeFromGroup(open, practice, group, as);
      });
      const open =
        ended === 0 ? "." : `: ${plural(ended, "open request")} ended, and it shows as left there.`;
      say.result(`${practice} is in ${group} no more${open}`);
      say.note(
        "What it released for the group before stays, and so do group figures: only the practice itself can withdraw that (cairn agent withdraw).",
      );
    });
  command
    .command("forget")
    .argument("<practice>", "the practice's name")
    .description("lock a practice out, take it out of its groups, and delete what served to reach it")
    .option("--yes", "forget without asking")
    .option(...AS)
    .option(...DATA)
    .action(forget);
}

async function status({ data, json }: { data: string; json?: boolean }): Promise<void> {
  const folder = data === FOLDER ? null : data;
  const found = await hub.withHub(data, (open) => hub.hubStatus(open));
  if (!json) return say.result(hub.statusText(found, folder, Date.now()));
  const todo = found.todo.map(({ what, command }) => ({
    what,
    ...(command ? { command: hub.commandLine(command, folder) } : {}),
  }));
  say.json({ ...found, todo });
}

async function forget(practice: string, { data, as, yes }: Deciding & { yes?: boolean }): Promise<void> {
  await hub.withHub(data, async (open) => {
    const { groups, codes, agents, openRequests, releases } = await hub.whatForgettingDoes(open, practice);
    say.note(
      [
        `What goes: ${plural(codes, "join code")}, the certificates and link keys of its agents (${agents} not locked out yet), what they last said of themselves, its place in ${groups.join(", ") || "no group"}, ${plural(openRequests, "open request")}, and its line in cairn hub status and practices.`,
        `What stays: its name and its entries in the hub's log, which nothing is ever taken out of; its name, keeper keys and ${plural(releases, "release")} with the uses that it signed, and the group figures that were made with them.`,
        "Only the practice can withdraw its numbers (cairn agent withdraw), and not once it is locked out: if it wants that, do it first. Invited again under this name it goes on with its own history.",
      ].join("\n"),
    );
    if (!(await isMeant(`This forgets ${practice}.`, yes ?? false)))
      return say.note("Nothing was forgotten.");
    await hub.requireMay(open, as, "admit-practices", {});
    await hub.forgetPractice(open, practice, as);
    say.result(`${practice} is forgotten.`);
  });
}

async function admit(
  practice: string | undefined,
  flags: { data: string; fingerprint?: string; list?: boolean; as?: string; json?: boolean },
): Promise<void> {
  if (practice === undefined || flags.list) {
    const waiting = await hub.withHub(flags.data, (open) => hub.waitingForAdmission(open));
    if (flags.json) say.json({ waiting });
    else if (waiting.length === 0) say.result("No one waits to be admitted.");
    else for (const one of waiting) say.result(`${one.fingerprint}  ${one.practice}`);
    return;
  }
  if (flags.fingerprint === undefined) {
    throw new hub.HubError(
      "fingerprint-differs",
      `compare fingerprints first, then: cairn hub admit "${practice}" --fingerprint F`,
    );
  }
  const { fingerprint, as } = flags;
  await hub.withHub(flags.data, async (open) => {
    await hub.requireMay(open, as, "admit-practices", {});
    return hub.admit(open, practice, fingerprint, as);
  });
  say.result(`${practice} is admitted.`);
}
