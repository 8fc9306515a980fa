/** The person behind a decision: each one in the log names its person. */
import { userInfo } from "node:os";
import { printable } from "@cairn/wire";
import { KeeperError } from "../errors.js";

const MOST = 100; // characters

declare const named: unique symbol;

/** A person's name as it stands in the log: printable, one line, at most 100 characters. Only `person` makes one. */
export type Person = string & { readonly [named]: true };

/**
 * The person who decides now.
 * @param as the name they give, where several work at one machine; the system's user where absent.
 * @throws KeeperError name-wrong where nothing of the name can be printed
 */
export function person(as?: string): Person {
  const name = printable(as ?? systemUser(), MOST);
  if (name !== "") return name as Person;
  throw new KeeperError("name-wrong", "--as names nobody: say a name that can be printed");
}

/** The system's name of the user. A container may run as a number that has none. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
