/** The person behind a decision: each one in the log names its person. */
import { userInfo } from "node:os";
import { isActor, type Actor } from "@cairn/ledger";
import { printable } from "@cairn/wire";
import { KeeperError } from "../errors.js";
import { givenBy } from "../config.js";

const MOST = 100; // characters

/**
 * The person who decides now, as the log names them.
 * @param as what they call themselves, where several work at one machine; the system's user where absent.
 * @throws KeeperError name-wrong where nothing of the name can be printed
 */
export function person(as?: string): Actor {
  const name = printable(as ?? systemUser(), MOST);
  if (isActor(name)) return name;
  throw new KeeperError("name-wrong", "--as names nobody: say a name that can be printed");
}

/** The system's name of the user. A container may run as a number that has none. */
function systemUser(): string {
  try {
    return givenBy() ?? userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
