/** The client as a program: the command line that the public conformance suite asks for. Ends with 0 or 1. */
import { parseArgs } from "node:util";
import { download, init, refresh, type Repository } from "./client.js";

const OPTIONS = ["metadata-dir", "metadata-url", "target-name", "target-base-url", "target-dir"] as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(OPTIONS.map((name) => [name, { type: "string" as const }])),
});

function option(name: (typeof OPTIONS)[number]): string {
  const value = values[name];
  if (typeof value !== "string") throw new Error(`--${name} is missing: give it before the command`);
  return value;
}

async function fetched(url: string): Promise<Uint8Array | undefined> {
  const answer = await fetch(url);
  if (answer.status === 404 || answer.status === 403) return undefined;
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function main([command, file]: string[]): Promise<void> {
  if (command === "init" && file) return init(option("metadata-dir"), file);
  const repository = (): Repository => ({
    metadataDir: option("metadata-dir"),
    metadataUrl: option("metadata-url"),
    fetch: fetched,
    now: Date.now(),
  });
  if (command === "refresh") return refresh(repository());
  if (command !== "download") throw new Error("the command is init FILE, refresh or download");
  const wanted = {
    name: option("target-name"),
    baseUrl: option("target-base-url"),
    dir: option("target-dir"),
  };
  return download(repository(), wanted);
}

main(positionals).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
