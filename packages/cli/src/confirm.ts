/** Asking before something that cannot be taken back. */
import { createInterface } from "node:readline/promises";
import { CairnError } from "@cairn/errors";

class ConfirmError extends CairnError<"needs-yes"> {
  readonly kind = "wrong-use"; // nobody has said that it is meant
}

/**
 * Asks for confirmation.
 * @param yes whether it was given beforehand.
 * @returns whether it is given: without `yes` a person at a terminal is asked
 * @throws ConfirmError needs-yes where neither is there
 */
export async function isMeant(question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY)
    throw new ConfirmError("needs-yes", `${question} Nothing was done: say --yes if it is meant`);
  const asking = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await asking.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}
