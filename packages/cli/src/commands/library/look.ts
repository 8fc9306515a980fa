/** cairn library status, verify and export: what holds, who signed it, and what goes by file. */
import { readFileSync, statSync } from "node:fs";
import { Option, type Command } from "commander";
import { writeWhole } from "@cairn/files";
import { openContent } from "@cairn/query-library";
import {
  decodeDelivery,
  LibraryError,
  readRoot,
  rootFingerprint,
  updateLibrary,
} from "@cairn/signed-library";
import { exportDelivery, publishedFiles, publishedRoot, status } from "@cairn/signed-library/signing";
import { plural, say } from "../../say.js";
import { DIR, JSON_FLAG } from "./options.js";
import { statusText } from "./words.js";

export function registerLooking(command: Command): void {
  command
    .command("status")
    .description("who has to do what, by when")
    .option(...DIR)
    .option(...JSON_FLAG)
    .action(({ dir, json }: { dir: string; json?: boolean }) => {
      const found = status(dir, Date.now());
      if (json) say.json(found);
      else say.result(statusText(found));
    });
  command
    .command("verify")
    .argument("<file>", "a delivery (cairn library export), or a library's folder")
    .description("check, offline, who signed a library, and that it is whole and holds")
    .requiredOption("--root <file>", "the root that you trust: N.root.json of that library")
    .option(...JSON_FLAG)
    .action(verify);
  command
    .command("export")
    .description("write what is published as one file, for a practice that does not take it from a hub")
    .requiredOption("--out <file>", "where to")
    .addOption(new Option("--root", "the root alone: what cairn agent trust takes"))
    .option(...DIR)
    .action(({ dir, out, root }: { dir: string; out: string; root?: boolean }) => {
      const bytes = root ? publishedRoot(dir) : exportDelivery(dir);
      writeWhole(out, Buffer.from(bytes).toString("utf8"), {
        diskFull: (words, cause) => new LibraryError("disk-full", words, { cause }),
      });
      say.result(`${out} holds ${root ? "the root" : "the library"} that is published.`);
      if (root) say.result(`Its fingerprint, to be read out by telephone: ${rootFingerprint(bytes)}`);
    });
}

function verify(file: string, { root, json }: { root: string; json?: boolean }): void {
  const trusted = readFileSync(root);
  readRoot(trusted);
  const files = statSync(file).isDirectory() ? publishedFiles(file) : decodeDelivery(readFileSync(file));
  const library = updateLibrary(new Map([["root", trusted]]), files, Date.now());
  const content = library.targets.get("library.json");
  const queries = content ? [...openContent(content).queries.values()] : [];
  const found = {
    version: library.version,
    rootVersion: library.rootVersion,
    rootFingerprint: rootFingerprint(trusted),
    signers: library.signers,
    until: new Date(library.expires).toISOString(),
    queries: queries.map(({ query, version, digest }) => ({ query, version, digest })),
    targets: [...library.targets.keys()],
  };
  if (json) return say.json(found);
  say.result(
    `Version ${found.version} is whole, and signed by ${found.signers.join(" and ")}: ${plural(queries.length, "query", "queries")}, ${plural(found.targets.length, "file")}.`,
  );
  say.result(`It holds until ${found.until}, under root ${found.rootVersion}.`);
  say.result(`The fingerprint of the root that you gave: ${found.rootFingerprint}`);
}
