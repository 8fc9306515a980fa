/** Carries the hub's releases back to a keeper that came back from a backup, which verifies them. */
import { atStep } from "../config.js";
import { askKeeper, type Courier } from "./courier.js";

/** Carries all of them, page by page; after an interruption it begins again. */
export async function carryReleases(courier: Courier): Promise<void> {
  const releases = await carry(courier, 0);
  courier.say(
    `the keeper came back from a backup: the hub returned ${releases} ${releases === 1 ? "release" : "releases"}`,
  );
}

/**
 * Carries the releases that the hub received after the newest receipt that the keeper holds: none, or those that a
 * keeper restored unannounced (a machine's snapshot) has forgotten. It then reports that its history is missing.
 */
export async function carryNewest(courier: Courier): Promise<void> {
  const { receiptsTo } = await askKeeper(courier.keeper.describe({}));
  await carry(courier, Number(receiptsTo));
}

/**
 * Stores the groups of all releases, for a courier that does not know them: one made anew, or from before groups were
 * stored.
 */
export async function carryGroups(courier: Courier): Promise<void> {
  await carry(courier, 0);
  courier.cells.learned();
}

/**
 * Carries releases.
 * @param from place in the hub's log after which to begin.
 * @returns the number of releases carried
 */
async function carry({ hub, keeper, cells }: Courier, from: number): Promise<number> {
  let releases = 0;
  for (let after = from; ;) {
    const page = await atStep("give-back", () =>
      hub.call((api) => api.giveBack({ after }, { deadlineMs: 20_000 })),
    );
    cells.note(page.held.flatMap(({ assignment }) => assignment ?? []));
    cells.noteGroups(page.held.flatMap(({ uses }) => uses));
    after = Number(page.next);
    releases += page.held.length;
    const all = from === 0 && after === 0;
    if (all || page.held.length > 0) await askKeeper(keeper.takeBack({ held: page.held, all }));
    if (after === 0) return releases;
  }
}
