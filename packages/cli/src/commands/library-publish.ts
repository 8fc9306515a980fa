/** cairn library publish: hands a library that is signed to the hub. */
import type { Command } from "commander";
import type { PublishedVersion } from "@cairn/hub";
import { plural, say } from "../say.js";
import { AS, DATA } from "./hub-options.js";
import { DIR, JSON_FLAG } from "./library/options.js";
import { unreviewedLines, whichQueries } from "./library/reviews.js";

export function register(program: Command): void {
  const command =
    program.commands.find((each) => each.name() === "library") ??
    program.command("library").description("the signed set of queries, codelists and charters");
  command
    .command("publish")
    .description("hand a library that is signed to the hub, as its next version")
    .option(...DIR)
    .option(
      "--new-root <fingerprint>",
      "of a root that takes the place of one with two keys lost: then each practice has to trust it (cairn agent trust)",
    )
    .option(...AS)
    .option(...DATA)
    .option(...JSON_FLAG)
    .action(publish);
}

interface PublishFlags {
  data: string;
  dir: string;
  as?: string;
  newRoot?: string;
  json?: boolean;
}

async function publish({ data, dir, as, newRoot, json }: PublishFlags): Promise<void> {
  // The commands beside this one start without any of these.
  const { readyToPublish, takePublished } = await import("@cairn/signed-library/signing");
  const ready = readyToPublish(dir);
  if ("missing" in ready) {
    const { LibraryError } = await import("@cairn/signed-library");
    const { missingText } = await import("./library/words.js");
    const missing = ready.missing.map(missingText).join("; ");
    throw new LibraryError("unsigned", `signatures are missing: ${missing}`);
  }
  const hub = await import("@cairn/hub");
  const { files, ...published } = await hub.withHub(data, async (open) => {
    await hub.requireMay(open, as, "publish-library", {});
    return hub.publishLibrary(open, ready.files, as, newRoot);
  });
  takePublished(dir, files);
  const { version, queries } = published;
  if (json) return say.json(published);
  const what = queries.length === 1 ? queries[0] : plural(queries.length, "query", "queries");
  say.result(`Version ${version} is published: ${what}.`);
  for (const line of reviewLines(published)) say.result(line);
  if (newRoot !== undefined)
    say.note(
      `No practice takes it before somebody there trusts the new root: send each the file of cairn library export --root, and read them ${newRoot} on the phone. Join codes from before are void: cairn hub invite makes new ones.`,
    );
}

/** Words on reviews and bodies that a person should know, one line each; empty where all are in order. */
function reviewLines({
  queries,
  reviews: { unreviewed, overdue, undated },
  late,
}: Pick<PublishedVersion, "queries" | "reviews" | "late">): string[] {
  const which = (some: readonly string[]): string => whichQueries(some, queries.length);
  return [
    ...late.map(
      (body) =>
        `What ${body} accepted has expired and counts at no practice: cairn library accept ${body}, then its people sign.`,
    ),
    ...unreviewedLines(unreviewed, queries.length),
    ...(overdue.length === 0
      ? []
      : [`Past the date of review: ${which(overdue)}. Read them again, and write a new review_due.`]),
    ...(undated.length === 0
      ? []
      : [`Without written_by or review_due: ${which(undated)}. Add them to the files.`]),
  ];
}
