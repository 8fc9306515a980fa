/** Carries what the hub holds back to a keeper that came back from a backup. What of it counts is the keeper's business. */
import { atStep } from "../config.js";
import { askKeeper, type Courier } from "./courier.js";

/** All of it, page by page; interrupted, it begins again. */
export async function carryReleases(courier: Courier): Promise<void> {
  const releases = await carry(courier, 0);
  courier.say(
    `the keeper came back from a backup: the hub gave back ${releases} ${releases === 1 ? "release" : "releases"}`,
  );
}

/**
 * What the hub received after the newest receipt that the keeper holds: nothing, or the end of what a keeper that was
 * put back unannounced (a machine's snapshot) has forgotten. It then says of itself that its history is missing.
 */
export async function carryNewest(courier: Courier): Promise<void> {
  const { receiptsTo } = await askKeeper(courier.keeper.describe({}));
  await carry(courier, Number(receiptsTo));
}

/** All of it to a courier that does not know which groups asked: one made anew, or from before groups were kept. */
export async function carryGroups(courier: Courier): Promise<void> {
  await carry(courier, 0);
  courier.cells.learned();
}

/** @param from place in the hub's log after which to begin. @returns how many releases it gave back */
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
