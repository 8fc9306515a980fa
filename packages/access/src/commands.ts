/** The commands that a page names, each with the action that it is: it is told to whoever may do that. */
import { ACTIONS, type Action, type CharteredAction } from "./actions.js";
import { may, type Person } from "./may.js";

/** A command that is not here decides nothing: it says how things stand. */
const COMMANDS: Readonly<Record<string, Exclude<Action, CharteredAction>>> = {
  "agent accept-hub-log": "enrol-practice",
  "agent approve": "decide-queries",
  "agent consent": "consent-to-names",
  "agent correct": "decide-releases",
  "agent decline": "decide-queries",
  "agent enrol": "enrol-practice",
  "agent import": "import-records",
  "agent join": "decide-queries",
  "agent leave": "decide-queries",
  "agent left-out": "keep-opt-outs",
  "agent library": "enrol-practice",
  "agent log": "read-practice-log",
  "agent opt-outs": "keep-opt-outs",
  "agent pause": "pause-practice",
  "agent resume": "pause-practice",
  "agent retry": "decide-queries",
  "agent rules": "set-rules",
  "agent trust": "enrol-practice",
  "agent withdraw": "decide-releases",
  "hub admit": "admit-practices",
  "hub ca drop": "operate-hub",
  "hub ca next": "operate-hub",
  "hub close": "change-schedules",
  "hub export": "export-log",
  "hub invite": "invite-practices",
  "hub new-log": "operate-hub",
  "hub status": "see-run-states",
  "schedule add": "change-schedules",
};

/** The commands that are an action, without "cairn". */
export function commandsOf(action: Action): string[] {
  return Object.keys(COMMANDS).filter((command) => COMMANDS[command] === action);
}

/**
 * Whether a person may give a command, by its words without "cairn" and its arguments. Whoever sits at the machine while
 * nobody has an account may give every command of that side; a command of the other side is somebody else's to give, and
 * telling of it is no leave.
 * @param group that it is about, where it is about one
 */
export function mayGive(person: Person, command: string, group: string | null = null): boolean {
  const action = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (action === undefined || ACTIONS[action].at !== person.at || person.role === "visitor") return true;
  const about = person.at === "practice" ? { practice: person.practice } : { group };
  return may(person, action, about).allowed;
}
