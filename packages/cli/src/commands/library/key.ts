/** cairn library key new: a person's own key. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { writeNewKey } from "@cairn/signed-library/signing";
import { newPassphraseFor } from "../../passphrase.js";
import { say } from "../../say.js";
import { JSON_FLAG, PASSPHRASE_FILE } from "./options.js";

interface KeyFlags {
  kind: "clinical" | "governance" | "root" | "body";
  dir: string;
  passphraseFile?: string;
  workFactor?: number;
  json?: boolean;
}

const KINDS = ["clinical", "governance", "root", "body"];

export function registerKey(command: Command): void {
  command
    .command("key")
    .description("the keys of people who sign")
    .command("new")
    .argument("<name>", "your name, as it stands under what you sign")
    .description("make your own key: NAME.key, which your passphrase opens, and NAME.pub for the others")
    .addOption(
      new Option(
        "--kind <kind>",
        "what you sign as; root signs nothing but who signs, body what a body accepts",
      )
        .choices(KINDS)
        .makeOptionMandatory(),
    )
    .option("--dir <dir>", "where to: your own folder, and not the one that is shared", "keys")
    .option(...PASSPHRASE_FILE)
    .addOption(new Option("--work-factor <n>", "log2 of scrypt's rounds").argParser(factor).hideHelp())
    .option(...JSON_FLAG)
    .action(async (name: string, { kind, dir, passphraseFile, workFactor, json }: KeyFlags) => {
      const words = `A passphrase for the key of ${name}, four words or more of your own: `;
      const passphrase = await newPassphraseFor(words, passphraseFile);
      const written = await writeNewKey(dir, name, kind, passphrase, workFactor);
      if (json) return say.json(written);
      say.result(`${written.key} is your key, and ${written.pub} its public half.`);
      say.note(
        `Keep ${written.key} on an encrypted stick that you alone have, and the passphrase elsewhere: nobody can replace either. Give ${written.pub} to whoever sets the library up.`,
      );
    });
}

function factor(value: string): number {
  const n = Number(value);
  if (Number.isInteger(n) && n >= 1 && n <= 22) return n;
  throw new InvalidArgumentError("write a whole number from 1 to 22");
}
