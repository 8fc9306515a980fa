/** Each value of a charter as an explanation and a diff say it; none begins with a capital or ends with a stop. */
import { longDate, monthsLong } from "@cairn/text";
import { CHARTER_ROLES, type Charter, type CharterRole, type NewQueryRule, type Sight } from "./charter.js";
export { floorWords as floor } from "./floor.js";

/** "a, b and c". */
function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

export function roles(names: readonly CharterRole[]): string {
  return list(names.map((name) => CHARTER_ROLES[name].words));
}

export function rule(is: NewQueryRule): string {
  switch (is.rule) {
    case "ask":
      return "waits until someone at the practice accepts or declines it";
    case "accept-after":
      return `runs unless someone at the practice objects within ${is.days} ${is.days === 1 ? "day" : "days"} of being told`;
    case "delegate":
      return `runs once ${is.body} has accepted that version, signed with keys of its own`;
    case "accept-signed":
      return "runs if the library's two signatures are there, and the practice is told";
  }
}

const SIGHT: Readonly<Record<Sight, string>> = {
  nothing: "nothing",
  decisions: "questions, decisions, releases and who looked; no figure",
  group: "the group as a whole",
  own: "their own practice's line beside the group",
  named: "practices by name, only by consent",
};
export const sight = (is: Sight): string => SIGHT[is];

const PEERS: Readonly<Record<Charter["peers"], string>> = {
  none: "to one another not at all: no practice is a dot",
  unidentified: "to one another without names",
  "named-by-consent":
    "to one another without names; by name to those who may see names, while every member consents",
};
export const peers = (is: Charter["peers"]): string => PEERS[is];

const VIEW: Readonly<Record<Charter["view"], string>> = {
  "group-only": "the group's figures alone; a practice sees its own line too",
  report: "a report for each practice, made at the practice",
  deciles: "deciles of the practices",
  strip: "a strip with a dot for each practice",
};
export const view = (is: Charter["view"]): string => VIEW[is];

const OPT_OUTS: Readonly<Record<Charter["optOuts"], string>> = {
  "left-out": "are in no number that leaves a practice",
  counted:
    "are counted at a practice that chooses it, if the charter of each of its groups and every question that they may ask agree; people on a practice's own list or marked as confidential are not; each comparison says at how many practices",
};
export const optOuts = (is: Charter["optOuts"]): string => OPT_OUTS[is];

const WITNESS: Readonly<Record<Charter["witness"], string>> = {
  required: "a question runs once witnesses have countersigned the hub's log with the library that holds it",
  "not-required": "a question runs without waiting for witnesses",
};
export const witness = (is: Charter["witness"]): string => WITNESS[is];

export function queries(names: readonly string[]): string {
  if (names.includes("*")) return "any of the signed library";
  return `only ${list(names.map((name) => (name.endsWith("*") ? `those named ${name}` : name)))}`;
}

export const kept = (length: number): string => monthsLong(length);
export const reviewed = (day: string): string => `due by ${longDate(day)}`;
