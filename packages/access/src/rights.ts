/** The actions of a person's role, for a page that tells them. */
import { ACTIONS, type Action } from "./actions.js";
import { commandsOf } from "./commands.js";
import { roleWords, type Person } from "./may.js";

export interface RoleRights {
  /** The role's name for people. */
  readonly role: string;
  readonly rights: readonly {
    readonly words: string;
    /** Commands by which it is done, without "cairn", for who has the machine's terminal. */
    readonly commands: readonly string[];
  }[];
}

/** Every role has these, and their pages are linked everywhere. */
const OF_EVERYBODY: readonly Action[] = [
  "open-hub",
  "keep-own-account",
  "see-standing",
  "keep-own-practice-account",
];

/** Everybody else has the pages alone. */
const AT_THE_MACHINE: readonly Person["role"][] = ["hub-operator", "administrator"];

/** The rights of a person's role; null where nobody has an account. */
export function rightsOf({ at, role }: Person): RoleRights | null {
  if (role === "visitor") return null;
  const rights = (Object.keys(ACTIONS) as Action[]).flatMap((action) => {
    const rule = ACTIONS[action];
    const roles: readonly string[] = rule.roles;
    const byCharter: readonly string[] = "byCharter" in rule ? rule.byCharter.roles : [];
    const always = roles.includes(role);
    if (rule.at !== at || OF_EVERYBODY.includes(action) || !(always || byCharter.includes(role))) return [];
    const words = always ? rule.words : `${rule.words}, where the group's charter lets you`;
    return [{ words, commands: AT_THE_MACHINE.includes(role) ? commandsOf(action) : [] }];
  });
  return { role: roleWords(role), rights };
}
