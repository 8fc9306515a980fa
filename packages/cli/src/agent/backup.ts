/** `agent backup` and `agent restore`: an agent's folder, copied while it is in use, and made again. */
import { backupAgent } from "@cairn/agent/backup";
import type { LayoutFlags } from "@cairn/agent/layout";
import { restoreAgent } from "@cairn/agent/restore";
import { shellWord } from "@cairn/text";
import { say } from "../say.js";

export async function backup(flags: LayoutFlags & { readonly out: string }): Promise<void> {
  const { data, out } = flags;
  const { linkUnread, recordsLost } = await backupAgent(flags);
  if (recordsLost !== null) process.exitCode = say.problem(recordsLost);
  const link =
    linkUnread === null
      ? "It holds keys (the practice's and the link's) and records"
      : `It holds the practice's key and records, and not the link's keys (${linkUnread}): restored, the agent enrols again with a new join code`;
  say.result(
    `${data} is copied to ${out}. ${link}, so keep it as safe as the practice's own. ` +
      `To restore, stop the agent, move ${data} aside, and give cairn agent restore --from ${shellWord(out)}.`,
  );
}

export async function restore(flags: LayoutFlags & { readonly from: string }): Promise<void> {
  const { layout, lostTo, hasLink } = await restoreAgent(flags);
  const { data, courier, commands } = layout;
  const enrol = `cairn agent enrol --hub HOST:PORT --join CODE`;
  say.result(
    [
      `${data} is restored from ${flags.from}. Dates up to ${lostTo} are answered only with what this practice`,
      `released before and the hub returns: ${commands.start} asks for it.`,
      "A list of people to leave out (cairn agent left-out) may have been given since: give the newest one again.",
      hasLink
        ? `It goes on with the link's keys of that day. If the certificate was renewed since (it is once a week), the hub takes this agent for a copy, and cairn agent status says so: then rm -r ${shellWord(courier)}, ask for a new join code, and ${enrol}.`
        : `The backup holds no keys of the link: ask the hub's operator for a new join code, then ${enrol}.`,
      ...(process.getuid?.() === 0 && commands.start.startsWith("systemctl")
        ? [
            "What root has restored belongs to root: give each half back to its user (chown -R) before it starts.",
          ]
        : []),
    ].join("\n"),
  );
}
