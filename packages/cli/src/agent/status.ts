/** `agent status`: how things stand, read from the folder, whether the agent runs or not. */
import { courierFolder, readSettings } from "@cairn/courier";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { factWords, openRecords, type Quality } from "@cairn/keeper";
import { keeperFolder, keeperStatus, KeeperStore, type KeeperStatus } from "@cairn/keeper/practice";
import { say } from "../say.js";
import { qualityWords } from "./quality-words.js";

export async function agentStatus(flags: { readonly data: string; readonly json?: boolean }): Promise<void> {
  const status = statusOf(flags.data);
  if (flags.json) say.json(status);
  else say.result(statusWords(status));
}

export function statusOf(data: string): Status {
  const store = KeeperStore.open(keeperFolder(data));
  try {
    const hub = readSettings(courierFolder(data))?.hub ?? null;
    return { ...keeperStatus(store), hub, quality: newestQuality(data) };
  } finally {
    store.close();
  }
}

interface Status extends KeeperStatus {
  readonly hub: string | null;
  readonly quality: Quality | null;
}

/** What the newest import said of the records; no record is read for it. */
function newestQuality(data: string): Quality | null {
  const folder = keeperFolder(data);
  if (!existsSync(join(folder, "records.db"))) return null;
  const records = openRecords(folder, { check: false });
  try {
    return records.quality();
  } finally {
    records.close();
  }
}

export function statusWords(status: Status): string {
  const lines = [
    `${status.practice ?? "Not enrolled yet"}${status.hub ? `, with the hub at ${status.hub}` : ""}`,
    status.paused ? "Paused: nothing runs and nothing leaves (cairn agent resume goes on)" : "Not paused",
    status.coversTo ? `Records are complete to ${status.coversTo}` : "No records yet (cairn agent import)",
    ...(status.recordsLack.length > 0
      ? [`Records do not say ${factWords(status.recordsLack)}: queries that ask it are refused`]
      : []),
    ...(status.hubLog.state === "new-log" || status.hubLog.state === "forked"
      ? [`The hub's log: ${status.hubLog.words}`]
      : []),
    status.library ? `Library version ${status.library}` : "No library yet",
    `Floor ${status.floor}${status.hold ? "; each release waits for someone to see it" : ""}`,
    ...status.rules.map(
      ({ group, rule }) => `Rule for ${group === "any" ? "every other group" : group}: ${rule}`,
    ),
  ];
  for (const { query, version, group, said } of status.queries) {
    const runs = status.runs.filter(
      (run) => run.query === query && run.version === version && run.group === group,
    );
    const states = [...new Set(runs.map(({ state }) => state))];
    const counts = states
      .map((state) => `${runs.filter((run) => run.state === state).length} ${state}`)
      .join(", ");
    lines.push(`${query} ${version} for ${group}: ${said}${counts ? ` (${counts})` : ""}`);
  }
  for (const { run, query, date, refusal } of status.runs) {
    if (refusal) lines.push(`  ${query} at ${date}, run ${run}: ${refusal.words}`);
  }
  if (status.quality) lines.push("", qualityWords(status.quality));
  return lines.join("\n");
}
