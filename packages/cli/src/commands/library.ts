/** cairn library publish: what a hub's agents may be asked. */
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { say } from "../say.js";

export function register(program: Command): void {
  const command = program.command("library").description("the signed set of queries and codelists");
  command
    .command("publish")
    .description("check, sign and publish a library folder as the next version")
    .option("--dir <dir>", "a folder of queries and codelists; the one that comes with Cairn where absent")
    .option("--data <dir>", "the hub's folder", "cairn-hub")
    .option("--json", "print JSON")
    .action(publish);
}

async function publish({ data, dir, json }: { data: string; dir?: string; json?: boolean }): Promise<void> {
  const open = hub.openHub(data);
  try {
    const published = await hub.publishLibrary(open, dir ?? null);
    const { version, queries } = published;
    if (json) say.json(published);
    else
      say.result(
        `Version ${version} is published: ${queries.length === 1 ? queries[0] : `${queries.length} queries`}.`,
      );
  } finally {
    await open.store.close();
  }
}
