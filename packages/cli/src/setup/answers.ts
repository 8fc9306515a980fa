/** Answers that a command needs: given as flags, standing from before, or asked for at the terminal. */
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { CairnError } from "@cairn/errors";
import { INTERRUPTED, passphraseFor } from "../passphrase.js";
import { say } from "../say.js";

/** What a person answers where something that stands is to be given up. */
const NONE = "none";

export class AnswerError extends CairnError<"answer-missing" | "answer-wrong"> {
  readonly kind = "wrong-use";
}

export interface Question {
  /** The flag that answers it. */
  readonly flag: string;
  readonly words: string;
  readonly given: string | undefined;
  /** The answer of before, which holds where nobody says another. */
  readonly stands?: string | null;
  /** How that is shown, where it holds a secret. */
  readonly shown?: string;
  /** Whether it can be left without an answer, which is then `none`. */
  readonly canBeNone?: boolean;
  /** Whether it is typed without being shown. */
  readonly secret?: boolean;
  /** Whether it is asked at a terminal; else the flag or what stands answers it. */
  readonly asks?: boolean;
  /** Gives the answer as it is kept. @throws CairnError with what is wrong with it */
  readonly check?: (answer: string) => string;
}

/**
 * Finds the answer of each question, in their order; at a terminal a wrong one is asked for again.
 * @returns null for what has none
 * @throws AnswerError answer-missing, with every flag that lacks, where there is no terminal; what `check` throws of a flag
 */
export async function answersTo<K extends string>(
  questions: Readonly<Record<K, Question>>,
): Promise<Record<K, string | null>> {
  const all = Object.entries(questions) as [K, Question][];
  const canAsk = process.stdin.isTTY && process.stderr.isTTY;
  const lacking = all.filter(([, one]) => !canAsk && isOpen(one)).map(([, { flag }]) => flag);
  if (lacking.length > 0)
    throw new AnswerError(
      "answer-missing",
      `there is no terminal to ask at: say ${lacking.join(" and ")} too`,
    );
  const given = new Map<K, string | null>(); // a wrong flag is told before anything is asked
  for (const [key, one] of all) if (one.given !== undefined) given.set(key, kept(one, one.given));
  const answers: Partial<Record<K, string | null>> = {};
  for (const [key, one] of all) {
    const answer = given.get(key);
    if (answer !== undefined) answers[key] = answer;
    else answers[key] = canAsk && one.asks !== false ? await asked(one) : (one.stands ?? null);
  }
  return answers as Record<K, string | null>;
}

function isOpen({ given, stands, canBeNone, asks }: Question): boolean {
  return given === undefined && !stands && !canBeNone && asks !== false;
}

/** The answer as it is kept: null for none. */
function kept({ flag, canBeNone, check }: Question, answer: string): string | null {
  if (canBeNone && (answer === NONE || answer === "")) return null;
  try {
    return check === undefined ? answer : check(answer);
  } catch (error) {
    if (!(error instanceof CairnError)) throw error;
    throw new AnswerError("answer-wrong", `${flag}: ${error.message}`, { cause: error });
  }
}

async function asked(one: Question): Promise<string | null> {
  const { words, stands, shown, secret, canBeNone } = one;
  const holds = stands ? (shown ?? (secret ? "the one of before" : stands)) : canBeNone ? NONE : null;
  const question = `${words}${holds === null ? "" : ` [${holds}]`}: `;
  for (;;) {
    const answer = (secret ? await passphraseFor(question, undefined) : await typed(question)).trim();
    if (answer === "" && stands) return stands;
    if (answer === "" && !canBeNone) continue;
    try {
      return kept(one, answer);
    } catch (error) {
      say.problem(error);
    }
  }
}

/** A line that a person types. @throws AnswerError answer-missing where they end the input */
async function typed(question: string): Promise<string> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  asking.on("SIGINT", () => process.exit(INTERRUPTED));
  const ended = once(asking, "close").then(() => {
    throw new AnswerError(
      "answer-missing",
      "nothing was answered: give the same command again, it goes on from there",
    );
  });
  try {
    return await Promise.race([asking.question(question), ended]);
  } finally {
    asking.close();
  }
}
