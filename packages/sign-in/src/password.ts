/** Passwords: what one has to be, and how it is kept. */
import { hash, verify } from "@node-rs/argon2";

const LEAST = 12; // characters (NIST SP 800-63B-4 asks for 15 without a second factor, and 8 with one)
const MOST = 200;

/** argon2id with 19 MiB, two passes, one lane: OWASP's Password Storage Cheat Sheet. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The reason why a password cannot be taken, in words for the person; null where it can. */
export function passwordProblem(password: string, name: string): string | null {
  const length = [...password].length;
  if (length < LEAST) return `Choose a password of ${LEAST} characters or more: several words are good.`;
  if (length > MOST) return `Choose a password of ${MOST} characters at most.`;
  if (new Set(password).size < 5) return "Choose a password with more than a few different characters.";
  if (password.toLowerCase().includes(name.toLowerCase())) return "Choose a password without your own name.";
  return null;
}

export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFKC"), COST);
}

/** Compared with where nobody has the name that was typed, so that both answers take the same time. */
let nobodys: Promise<string> | null = null;

/** Is it the password of this hash? A null hash is nobody's. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  nobodys ??= hashPassword("nobody has this password");
  const same = await verify(stored ?? (await nobodys), password.slice(0, MOST * 4).normalize("NFKC"));
  return same && stored !== null;
}
