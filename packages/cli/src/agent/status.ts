/** `agent status`: how things stand, read from the folder, whether the agent runs or not. */
import { courierFolder, readLinkState, readSettings, type LinkState } from "@cairn/courier";
import { emptyListWords, factWords, newestQuality, type NewestQuality, thinWords } from "@cairn/keeper";
import {
  keeperFolder,
  keeperStatus,
  KeeperStore,
  knowsRecords,
  type KeeperStatus,
} from "@cairn/keeper/practice";
import { say } from "../say.js";
import { qualityWords } from "./quality-words.js";

export async function agentStatus(flags: { readonly data: string; readonly json?: boolean }): Promise<void> {
  const status = statusOf(flags.data);
  if (flags.json) say.json(status);
  else say.result(statusWords(status));
}

export function statusOf(data: string): Status {
  const folder = keeperFolder(data);
  const store = KeeperStore.open(folder);
  try {
    const courier = courierFolder(data);
    const hub = readSettings(courier)?.hub ?? null;
    return {
      ...keeperStatus(store),
      hub,
      link: readLinkState(courier),
      ...newestQuality(folder, knowsRecords(store)),
    };
  } finally {
    store.close();
  }
}

interface Status extends KeeperStatus, NewestQuality {
  readonly hub: string | null;
  /** How the courier last found the link; null where none has run here. */
  readonly link: LinkState | null;
}

const GROUP_WORDS = {
  joined: "accepted here",
  left: "left, it gets nothing new",
  waiting: "asks, and nobody here has accepted it",
} as const;

function groupWords({ group, state, command }: KeeperStatus["groups"][number]): string {
  return `Group ${group}: ${GROUP_WORDS[state]}${command ? `; ${command}` : ""}`;
}

/** What a person should know of a run, or do about it. */
function runWords({
  run,
  query,
  date,
  state,
  refusal,
  thinMonths,
  groups,
  withdraw,
}: KeeperStatus["runs"][number]): string[] {
  const about = `  ${query} at ${date}, run ${run}`;
  const next = state === "quarantined" ? `; cairn agent retry ${query} has it tried again` : "";
  const refused = groups.filter((one) => one.refusal && !refusal);
  return [
    ...(state === "on-hold" && thinMonths.length > 0
      ? [
          `${about} is held for a look: of the months it looks at, ${thinWords(thinMonths)}; see whether the extract is whole, then cairn agent approve ${run}`,
        ]
      : []),
    ...(refusal ? [`${about}: ${refusal.words}${next}`] : []),
    ...refused.map((one) => `${about}, for ${one.group}: ${one.refusal?.words}`),
    ...(withdraw ? [`${about}: the hub holds it and no group may see it; ${withdraw}`] : []),
  ];
}

export function statusWords(status: Status): string {
  const lines = [
    `${status.practice ?? "Not enrolled yet"}${status.hub ? `, with the hub at ${status.hub}` : ""}`,
    ...linkWords(status.link),
    status.paused ? "Paused: nothing runs and nothing leaves (cairn agent resume goes on)" : "Not paused",
    status.coversTo ? `Records are complete to ${status.coversTo}` : "No records yet (cairn agent import)",
    ...(status.recordsProblem ? [`The records cannot be opened: ${status.recordsProblem}`] : []),
    ...(status.recordsLack.length > 0
      ? [`Records do not say ${factWords(status.recordsLack)}: queries that ask it are refused`]
      : []),
    ...(status.hubLog.state === "new-log" || status.hubLog.state === "forked"
      ? [`The hub's log: ${status.hubLog.words}`]
      : []),
    status.library ? `Library version ${status.library}` : "No library yet",
    ...(status.libraryProblem ? [`${status.libraryProblem.words} (${status.libraryProblem.code})`] : []),
    `Floor ${status.floor}${status.hold ? "; each release waits for someone to see it" : ""}`,
    ...status.groups.map(groupWords),
    ...status.rules.map(
      ({ group, rule }) => `Rule for ${group === "any" ? "every other group" : group}: ${rule}`,
    ),
  ];
  for (const { query, version, group, said, command, emptyCodelists } of status.queries) {
    const runs = status.runs.filter(
      (run) =>
        run.query === query && run.version === version && run.groups.some((one) => one.group === group),
    );
    const states = [...new Set(runs.map(({ state }) => state))];
    const counts = states
      .map((state) => `${runs.filter((run) => run.state === state).length} ${state}`)
      .join(", ");
    const how = command ? `; ${command}` : "";
    lines.push(`${query} ${version} for ${group}: ${said}${counts ? ` (${counts})` : ""}${how}`);
    if (emptyCodelists.length > 0) lines.push(`  ${emptyListWords(emptyCodelists)}`);
  }
  lines.push(...status.runs.flatMap(runWords));
  if (status.quality) lines.push("", qualityWords(status.quality));
  return lines.join("\n");
}

function linkWords(link: LinkState | null): string[] {
  if (link === null) return [];
  const heard =
    link.heard === null ? "The hub has not answered yet" : `The hub last answered at ${link.heard}`;
  return link.problem === null ? [heard] : [`${heard}; since ${link.since}: ${link.problem}`];
}
