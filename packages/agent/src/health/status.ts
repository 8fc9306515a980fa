/** Reads an agent's status from its folder, whether the agent runs or not. */
import { readLinkState } from "@cairn/courier/folder";
import { offlineFrom, type LinkState } from "@cairn/wire";
import { newestQuality, type NewestQuality } from "@cairn/records";
import {
  keeperStatus,
  KeeperStore,
  knowsRecords,
  linkWords,
  type KeeperStatus,
} from "@cairn/keeper/practice";
import type { Layout } from "../folder/layout.js";
import { whatRuns, type ProcessStates } from "../processes/running.js";

/** The courier's own word of the link where this user may read it, else what the courier said to the keeper. */
export function statusOf(layout: Layout): Status {
  const store = KeeperStore.open(layout.keeper);
  try {
    const status = keeperStatus(store);
    const link = readLinkState(layout.courier) ?? status.link;
    return {
      ...status,
      hub: link?.hub ?? null,
      link: link && { ...link, offlineFrom: offlineFrom(link) },
      running: whatRuns(layout),
      ...newestQuality(layout.keeper, knowsRecords(store)),
    };
  } finally {
    store.close();
  }
}

export interface Status extends KeeperStatus, NewestQuality {
  readonly hub: string | null;
  /** The link's state; null where nobody has enrolled here, or run a courier. */
  readonly link: (LinkState & { readonly offlineFrom: string | null }) | null;
  readonly running: ProcessStates;
}

/** The link's state in words, for this machine's user. */
export function linkLines({ link, practice, running }: Status, layout: Layout, now = Date.now()): string[] {
  const { where } = layout.commands;
  const about = { practice, courierRuns: running.courier, courierFolder: layout.courier, where };
  return linkWords(link, { now, ...about });
}

/** The decisions that wait for a person, each with its command. */
export function waitingWords({ groups, queries, runs }: KeeperStatus): string[] {
  const held = runs.filter(({ state }) => state === "on-hold");
  return [
    ...groups.flatMap(({ group, command }) => (command ? [`group ${group} asks: ${command}`] : [])),
    ...queries.flatMap(({ query, group, command }) =>
      command ? [`${query} waits to be accepted for ${group}: ${command}`] : [],
    ),
    ...held.map(
      ({ run, query, date }) =>
        `${query} at ${date} waits until someone has seen it: cairn agent approve ${run}`,
    ),
  ];
}
