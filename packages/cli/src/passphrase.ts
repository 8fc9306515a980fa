/** A passphrase, typed at a terminal without being shown. */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { CairnError } from "@cairn/errors";

export const INTERRUPTED = 130; // as a shell numbers Ctrl-C

class PassphraseError extends CairnError<"no-terminal" | "not-the-same"> {
  readonly kind = "wrong-use";
}

/** Where a person types: the process itself, or a stand-in for it. */
interface Terminal {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown };
}

/**
 * Reads a passphrase from the first line of a file, or asks for it at the terminal.
 * @throws PassphraseError no-terminal where there is neither; the system's error where the file cannot be read
 */
export async function passphraseFor(
  question: string,
  file: string | undefined,
  terminal: Terminal = process,
): Promise<string> {
  if (file !== undefined) return readFileSync(file, "utf8").split(/\r?\n/)[0]!;
  return ask(question, terminal);
}

/** The same for a new passphrase, which is typed twice. @throws PassphraseError not-the-same */
export async function newPassphraseFor(
  question: string,
  file: string | undefined,
  terminal: Terminal = process,
): Promise<string> {
  const first = await passphraseFor(question, file, terminal);
  if (file !== undefined || first === (await ask("The same again: ", terminal))) return first;
  throw new PassphraseError("not-the-same", "the two were not the same, and nothing was done: try again");
}

async function ask(question: string, { stdin, stderr }: Terminal): Promise<string> {
  if (!stdin.isTTY)
    throw new PassphraseError(
      "no-terminal",
      "there is no terminal to type a passphrase at: give it with --passphrase-file FILE",
    );
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reading = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 });
  reading.on("SIGINT", () => process.exit(INTERRUPTED));
  try {
    return await new Promise<string>((resolve, reject) => {
      reading.once("line", resolve);
      reading.once("close", () => reject(new PassphraseError("no-terminal", "no passphrase was typed")));
      stderr.write(question); // once nothing is shown any more: who answers at once is not quicker than that
    });
  } finally {
    stderr.write("\n");
    reading.close();
  }
}
