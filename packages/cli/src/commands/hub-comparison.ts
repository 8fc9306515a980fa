/** cairn hub comparison, close and export: what the hub collected. */
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { isMeant } from "../confirm.js";
import { EXIT } from "../exit-codes.js";
import { plural, say } from "../say.js";
import { AS, DATA } from "./hub-options.js";

export function registerComparison(command: Command): void {
  command
    .command("comparison")
    .description("print what a group's practices released; under a charter, what --as NAME may see of it")
    .requiredOption("--group <name>", "the group")
    .option(...AS)
    .option(...DATA)
    .option("--json", "print JSON")
    .action(comparison);
  command
    .command("close")
    .description("end a group's open collections now: group figures are made once, from what is there")
    .requiredOption("--group <name>", "the group")
    .option("--yes", "close without asking")
    .option(...AS)
    .option(...DATA)
    .option("--json", "print what was closed as JSON")
    .action(close);
  command
    .command("export")
    .description(
      "print the hub's log, with what it refers to and the practices' countersignatures, for cairn audit",
    )
    .option(...DATA)
    .option("--bytes", "with each release as its practice signed it, so that digests can be checked")
    .option("--digests", "print what releases the hub holds instead, as JSON")
    .option("--practice <name>", "for this practice alone: what concerns others is sealed")
    .option(...AS)
    .action(exportLog);
}

async function comparison({
  data,
  group,
  as,
  json,
}: {
  readonly data: string;
  readonly group: string;
  readonly as?: string;
  readonly json?: boolean;
}): Promise<void> {
  await hub.withHub(data, async (open) => {
    const shown = await hub.lookAt(open, group, as);
    if (!json) return say.result(await hub.comparisonText(open, group, shown));
    const sees = shown === "dots" ? "dots" : "group";
    say.json({
      comparisons:
        shown === "names" ? await hub.comparisonsJson(open, group) : await hub.unnamedJson(open, group, sees),
      charter: await hub.charterJson(open.store.db, group),
    });
  });
}

interface ExportFlags {
  readonly data: string;
  readonly digests?: boolean;
  readonly bytes?: boolean;
  readonly practice?: string;
  readonly as?: string;
}

async function exportLog({ data, digests, bytes = false, practice, as }: ExportFlags): Promise<void> {
  await hub.withHub(data, async (open) => {
    const log = practice === undefined ? "log" : "sealed log";
    await hub.logExport(open, as, digests ? "digests" : bytes ? `${log} with releases` : log);
    if (digests) return say.json({ releases: await hub.heldReleases(open) });
    const lines =
      practice === undefined
        ? hub.exportLines(open, { bytes })
        : hub.exportForPractice(open, practice, { bytes });
    for await (const line of lines) say.data(line);
  });
}

interface CloseFlags {
  data: string;
  group: string;
  yes?: boolean;
  as?: string;
  json?: boolean;
}

async function close({ data, group, yes, as, json }: CloseFlags): Promise<void> {
  await hub.withHub(data, async (open) => {
    await hub.requireMay(open, as, "change-schedules", { group });
    const collections = await hub.openCollections(open, group);
    for (const line of hub.openLines(collections)) say.note(line);
    if (collections.length > 0) {
      const what = plural(collections.length, "open collection");
      const question = `This closes ${what} of ${group} for good: what comes later joins its own practice's line, and no group figure.`;
      if (!(await isMeant(question, yes ?? false))) return say.note("Nothing was closed.");
    }
    const closed = collections.length === 0 ? 0 : await hub.closeNow(open, group, as);
    if (json) say.json({ closed, collections });
    else if (collections.length === 0) say.result(`Nothing is being collected for ${group}.`);
    else say.result(`${plural(closed, "collection")} closed.`);
    const left = await hub.setAsideOf(open, group);
    for (const { query, date, fault } of left) say.note(`${query} of ${date} could not be closed: ${fault}`);
    if (left.length > 0) process.exitCode = EXIT["does-not-hold"];
  });
}
