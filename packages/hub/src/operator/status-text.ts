/** The hub's status on a terminal: what to do next, then a line for each practice. */
import { joinNames } from "@cairn/ledger";
import { minute, shellWord } from "@cairn/text";
import type { HubStatus, PracticeStanding, RunCounts } from "./status.js";

/**
 * The status as text.
 * @param data the hub's folder, where it is not the one that commands take by themselves; else null.
 * @param now milliseconds
 */
export function statusText(
  { todo, practices, charters }: HubStatus,
  data: string | null,
  now: number,
): string {
  const widest = Math.max(0, ...practices.map(({ practice }) => practice.length));
  const lines = practices.map((one) => `  ${one.practice.padEnd(widest)}  ${standingWords(one, now)}`);
  return [
    todo.length === 0 ? "Nothing for you to do." : "To do:",
    ...todo.map((one) => `  ${one.what}${one.command ? `\n    ${commandLine(one.command, data)}` : ""}`),
    ...(lines.length === 0 ? [] : ["", `${counted(lines.length, "practice")}:`, ...lines]),
    ...(charters.length === 0 ? [] : ["", "Charters:"]),
    ...charters.map(
      ({ group, library, digest, review, standing }) =>
        `  ${group}: of library ${library} (sha256 ${digest.slice(0, 16)}), ${REVIEW_WORDS[standing]} ${review}`,
    ),
  ].join("\n");
}

const REVIEW_WORDS: Record<HubStatus["charters"][number]["standing"], string> = {
  current: "to be reviewed by",
  overdue: "overdue for review since",
  "stops-new-queries": "asks no new query: its review is more than a year overdue, since",
};

/** A command as it is typed in a shell. */
export function commandLine(command: readonly string[], data: string | null): string {
  const words = ["cairn", ...command, ...(data === null ? [] : ["--data", data])];
  return words.map(shellWord).join(" ");
}

/** A number with its noun: "1 practice", "8 practices". */
export function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

/** How a practice stands, on one line. @param now milliseconds */
export function standingWords(one: PracticeStanding, now: number): string {
  const version = one.agentVersion === "" ? [] : [`agent ${one.agentVersion}`];
  const { groups, state } = one;
  const asked = groups.some(({ runs }) => Object.keys(runs).length > 0);
  const words =
    state === "admitted" || asked ? groups.map(groupWords) : [joinNames(groups.map(({ group }) => group))];
  return [
    [linkWords(one, now), ...version].join(", "),
    ...(groups.length === 0 ? ["in no group"] : words),
  ].join("; ");
}

function linkWords(one: PracticeStanding, now: number): string {
  const { state, waitingFingerprint, codeUntil, heardAt, online } = one;
  if (state === "enrolled")
    return `enrolled, waits to be admitted with the fingerprint ${waitingFingerprint}`;
  if (state === "admitted") {
    const next =
      waitingFingerprint === null
        ? ""
        : `, a new agent waits to be admitted with the fingerprint ${waitingFingerprint}`;
    const link =
      heardAt === null
        ? "admitted, its agent has not called since"
        : online === null
          ? `last heard ${minute(heardAt)}`
          : online
            ? `online, last heard ${minute(heardAt)}`
            : `offline since ${minute(heardAt)}`;
    return `${one.paused ? `${link}, paused by the practice` : link}${next}`;
  }
  const code =
    codeUntil === null
      ? null
      : Date.parse(codeUntil) < now
        ? `its join code ended ${minute(codeUntil)}`
        : `its join code is good until ${minute(codeUntil)}`;
  if (state === "invited") return `invited, ${code ?? "without a join code that can be used"}`;
  return `locked out${code === null ? "" : `, ${code}`}`;
}

const COUNT_WORDS: readonly (readonly [keyof RunCounts, string])[] = [
  ["released", "released"],
  ["claimed", "running"],
  ["offered", "asked"],
  ["not-due", "not due yet"],
  ["waiting-for-approval", "waiting for approval there"],
  ["waiting-for-records", "waiting for records"],
  ["waiting-for-witness", "waiting for a witness"],
  ["declined", "declined"],
  ["refused", "refused"],
  ["quarantined", "quarantined"],
  ["withdrawn", "withdrawn"],
  ["expired", "no longer asked"],
  ["left", "not asked since it left the group"],
];

function groupWords({ group, notAccepted, runs, named }: PracticeStanding["groups"][number]): string {
  const counts = COUNT_WORDS.flatMap(([state, words]) =>
    runs[state] === undefined ? [] : `${runs[state]} ${words}`,
  );
  const accepted = notAccepted ? ["nobody there has accepted the group, or its newest charter"] : [];
  const stands = [...accepted, ...counts].join(", ") || "nothing asked yet";
  const names = named.map(({ to, until }) => `named to its ${to} until ${until}`);
  return `${group}: ${[stands, ...names].join(", ")}`;
}
