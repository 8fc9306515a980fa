/** Carries what the hub holds back to a keeper that came back from a backup. What of it counts is the keeper's business. */
import { atStep } from "../config.js";
import { askKeeper, type Courier } from "./courier.js";

/** All of it, page by page; interrupted, it begins again. */
export async function bringBack({ hub, keeper, cells, say }: Courier): Promise<void> {
  let releases = 0;
  for (let after = 0; ;) {
    const page = await atStep("give-back", () =>
      hub.call((api) => api.giveBack({ after }, { deadlineMs: 20_000 })),
    );
    cells.note(page.held.flatMap(({ assignment }) => assignment ?? []));
    after = Number(page.next);
    releases += page.held.length;
    await askKeeper(keeper.takeBack({ held: page.held, all: after === 0 }));
    if (after === 0) break;
  }
  say(`the keeper came back from a backup: the hub gave back ${releases} releases`);
}
