/** cairn library sign: shows what would change, then asks for the passphrase. */
import type { Command } from "commander";
import { changes, openKey, pubOf, requireAsked, signNext, status } from "@cairn/signed-library/signing";
import { isMeant } from "../../confirm.js";
import { passphraseFor } from "../../passphrase.js";
import { say } from "../../say.js";
import { DIR, JSON_FLAG, PASSPHRASE_FILE } from "./options.js";
import { changesText, missingText } from "./words.js";

interface SignFlags {
  dir: string;
  key: string;
  passphraseFile?: string;
  yes?: boolean;
  json?: boolean;
}

export function registerSign(command: Command): void {
  command
    .command("sign")
    .description("read what would change, and sign it with your key")
    .requiredOption("--key <file>", "your NAME.key")
    .option(...PASSPHRASE_FILE)
    .option("--yes", "sign without being asked, with --passphrase-file")
    .option(...DIR)
    .option(...JSON_FLAG)
    .action(sign);
}

async function sign({ dir, key, passphraseFile, yes, json }: SignFlags): Promise<void> {
  const pub = pubOf(key, dir);
  const waiting = changes(dir, Date.now());
  requireAsked(dir, pub);
  if (!json) say.result(changesText(waiting));
  // Typed passphrases are an answer; one in a file is none.
  if (passphraseFile !== undefined && !(await isMeant(`Sign this as ${pub.name}?`, yes ?? false))) return;
  const passphrase = await passphraseFor(
    `To sign this, the passphrase of ${pub.name} (Ctrl-C signs nothing): `,
    passphraseFile,
  );
  const signed = signNext(dir, await openKey(key, passphrase, pub), Date.now(), waiting.digest);
  const missing = status(dir, Date.now()).tasks.flatMap((task) => (task.do === "sign" ? [task] : []));
  if (json) return say.json({ ...signed, missing });
  say.result(`Signed: ${signed.files.join(", ")}.`);
  if (signed.left !== null) say.note(signed.left);
  for (const each of missing) say.note(`Next: ${missingText(each)}.`);
  if (missing.length === 0) say.note(`Next: cairn library publish --data HUB`);
}
