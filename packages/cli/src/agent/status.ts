/** `agent status`: how things stand, read from the folder, whether the agent runs or not. */
import { layoutOf, type Layout, type LayoutFlags } from "@cairn/agent/layout";
import { runningWords } from "@cairn/agent/running";
import { linkLines, statusOf, type Status } from "@cairn/agent/status";
import {
  askedLine,
  deskLines,
  emptyListWords,
  feedLines,
  groupLine,
  groupRunWords,
  type KeeperStatus,
  shortRunNames,
  standingLines,
  standsFor,
  thinWords,
} from "@cairn/keeper/practice";
import { plural, say } from "../say.js";
import { holdingWords, qualityWords } from "./quality-words.js";

export interface StatusFlags extends LayoutFlags {
  readonly json?: boolean;
  readonly quality?: boolean;
}

export async function agentStatus(flags: StatusFlags): Promise<void> {
  const layout = layoutOf(flags);
  const status = statusOf(layout);
  if (flags.json) say.json(status);
  else if (flags.quality) say.result(status.quality ? qualityWords(status.quality) : NO_QUALITY);
  else say.result(statusWords(status, layout));
}

/** A run in words: what a person should know of it, or do about it. */
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
  const next = state === "quarantined" ? `; cairn agent retry ${query} tries it again` : "";
  const refused = groups.filter((one) => one.refusal && !refusal);
  return [
    ...(state === "on-hold" && thinMonths.length > 0
      ? [
          `${about} is held for a look: of the months it looks at, ${thinWords(thinMonths)}; see whether the extract is whole, then cairn agent approve ${run}`,
        ]
      : []),
    ...(refusal ? [`${about}: ${refusal.words}${next}`] : []),
    ...refused.map((one) => `${about}, for ${one.group}: ${one.refusal?.words}`),
    ...(state === "on-hold" && thinMonths.length === 0
      ? [`${about}: waits until someone here has seen it; cairn agent approve ${run}`]
      : []),
    ...(withdraw ? [`${about}: the hub holds it and no group may see it; ${withdraw}`] : []),
  ];
}

const NO_QUALITY = "There are no records yet; cairn agent import takes them in";

const DATES_SHOWN = 6;

/** How a query's runs stand for a group, a line for each; of those that wait for records, by the date that comes first. */
function standWords(runs: KeeperStatus["runs"], group: string): string[] {
  const stands = runs.map((run) => ({ date: run.date, state: standsFor(run, group).state }));
  return [...new Set(stands.map(({ state }) => state))].map((state) => {
    const dates = stands
      .filter((one) => one.state === state)
      .map(({ date }) => date)
      .sort();
    const first = dates[0] ?? "";
    const words = groupRunWords({ state, refusal: null }, first);
    const later = dates.length - 1;
    if (state === "waiting-for-records")
      return `  ${words}: ${first}${later > 0 ? `, and ${plural(later, "later date")}` : ""} (cairn agent import takes a newer extract in)`;
    return dates.length > DATES_SHOWN
      ? `  ${words}: ${dates.length} dates, ${first} to ${dates.at(-1)}`
      : `  ${words}: ${dates.join(", ")}`;
  });
}

/** Releases that can be withdrawn: each query's released dates with the beginning of their runs' names. */
function releasedWords(runs: KeeperStatus["runs"]): string[] {
  const short = shortRunNames(runs.map(({ run }) => run));
  const released = runs.filter(({ state }) => ["outbox", "acknowledged", "withdrawn"].includes(state));
  const queries = [...new Set(released.map(({ query }) => query))];
  const dates = (query: string): string[] =>
    released
      .filter((each) => each.query === query)
      .map(
        ({ run, date, state }) => `${date} ${short.get(run)}${state === "withdrawn" ? " (withdrawn)" : ""}`,
      );
  return queries.length === 0
    ? []
    : [
        "Released, with their runs (cairn agent withdraw RUN withdraws one):",
        ...queries.map((query) => `  ${query}: ${dates(query).join(", ")}`),
      ];
}

export function statusWords(status: Status, layout: Layout, now = Date.now()): string {
  const lines = [
    `${status.practice ?? "Not enrolled yet"}${status.hub ? `, with the hub at ${status.hub}` : ""}`,
    runningWords(status.running, { ...status, layout, now }),
    ...linkLines(status, layout, now),
    ...(status.desks && status.running.keeper ? deskLines(status.desks, now) : []),
    ...standingLines(status),
    ...feedLines(status.feed, now),
    ...(status.quality ? [holdingWords(status.quality)] : []),
    ...(status.recordsProblem ? [`The records cannot be opened: ${status.recordsProblem}`] : []),
    ...status.groups.map(
      (group) => `Group ${groupLine(group, status)}${group.command ? `; ${group.command}` : ""}`,
    ),
    ...status.rules.map(
      ({ group, rule }) => `Rule for ${group === "any" ? "every other group" : group}: ${rule}`,
    ),
    ...status.inForce.map(
      ({ group, rule }) =>
        `In force for ${group}, the stricter of its charter's rule and this practice's: ${rule}`,
    ),
  ];
  for (const asked of status.queries) {
    const { query, version, group, command, emptyCodelists } = asked;
    const runs = status.runs.filter(
      (run) =>
        run.query === query && run.version === version && run.groups.some((one) => one.group === group),
    );
    const how = command ? `; ${command}` : "";
    lines.push(`${askedLine(asked)}${how}`, ...standWords(runs, group));
    if (emptyCodelists.length > 0) lines.push(`  ${emptyListWords(emptyCodelists)}`);
  }
  lines.push(...status.runs.flatMap(runWords), ...releasedWords(status.runs));
  return lines.join("\n");
}
