/** cairn hub reference ...: published figures that groups are compared with. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { plural, say } from "../say.js";
import { AS, DATA } from "./hub-options.js";

export function registerReference(command: Command): void {
  command
    .command("reference")
    .description("published figures that groups are compared with")
    .command("import")
    .argument("<file>", "CSV of query,date,source,practices,p10,p50,p90,tau2; shares from 0 to 1")
    .description("take over published figures, all or none; one of the same query and date is replaced")
    .option(...AS)
    .option(...DATA)
    .option("--json", "print JSON")
    .action(importFile);
}

async function importFile(file: string, flags: { data: string; as?: string; json?: boolean }): Promise<void> {
  const text = readFileSync(file, "utf8");
  const done = await hub.withHub(flags.data, async (open) => {
    await hub.requireMay(open, flags.as, "publish-library", {});
    return hub.importReferences(open, text, flags.as);
  });
  if ("problems" in done) {
    for (const { line, words } of done.problems) say.note(`${file}:${line}: ${words}`);
    throw new hub.HubError(
      "list-wrong",
      `nothing was imported: see to ${plural(done.problems.length, "problem")} of ${file} first`,
    );
  }
  if (flags.json) return say.json(done);
  const others = done.replaced > 0 ? `, ${done.replaced} in place of another` : "";
  say.result(
    `${plural(done.imported, "reference")} imported${others}. Groups' pages compare with them from now on.`,
  );
}
