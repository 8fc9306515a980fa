/** cairn library publish: what a hub's agents may be asked. */
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { plural, say } from "../say.js";
import { AS } from "./hub-options.js";

export function register(program: Command): void {
  const command = program.command("library").description("the signed set of queries and codelists");
  command
    .command("publish")
    .description("check, sign and publish a library folder as the next version")
    .option("--dir <dir>", "a folder of queries and codelists; the one that comes with Cairn where absent")
    .option(...AS)
    .option("--data <dir>", "the hub's folder", "cairn-hub")
    .option("--json", "print JSON")
    .action(publish);
}

interface PublishFlags {
  data: string;
  dir?: string;
  as?: string;
  json?: boolean;
}

/** Words on the reviews that a person should know, one line each; empty where all are in order. */
function reviewLines({ queries, reviews: { unreviewed, overdue, undated } }: hub.PublishedVersion): string[] {
  const which = (some: readonly string[]): string =>
    some.length === queries.length && some.length > 5
      ? `all ${some.length} queries`
      : `${plural(some.length, "query", "queries")} (${some.slice(0, 5).join(", ")}${some.length > 5 ? ", ..." : ""})`;
  return [
    ...(unreviewed.length === 0 ? [] : [`Not yet reviewed by a clinician: ${which(unreviewed)}.`]),
    ...(overdue.length === 0
      ? []
      : [`Past the date of review: ${which(overdue)}. Read them again, and write a new review_due.`]),
    ...(undated.length === 0
      ? []
      : [`Without written_by or review_due: ${which(undated)}. Add them to the files.`]),
  ];
}

async function publish({ data, dir, as, json }: PublishFlags): Promise<void> {
  const published = await hub.withHub(data, async (open) => {
    await hub.requireMay(open, as, "publish-library", {});
    return hub.publishLibrary(open, dir ?? null, as);
  });
  const { version, queries } = published;
  if (json) return say.json(published);
  const what = queries.length === 1 ? queries[0] : plural(queries.length, "query", "queries");
  say.result(`Version ${version} is published: ${what}.`);
  for (const line of reviewLines(published)) say.result(line);
}
