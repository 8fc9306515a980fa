/** The queues that the practice's pages work with: one of each, wherever the pages are shown. */
import { workInChild } from "../answering/answer.js";
import type { Keeper } from "../keeper.js";
import { OwnTotalsQueue } from "../own-numbers/queue.js";
import { PageQueue } from "./queue.js";

export interface PageContext {
  readonly keeper: Keeper;
  readonly queue: PageQueue;
  readonly counting: OwnTotalsQueue;
}

/** Makes them. @param work works in a process of its own; tests put another in its place. */
export function pageContext(keeper: Keeper, work: typeof workInChild = workInChild): PageContext {
  const { store, stopping, library } = keeper;
  return {
    keeper,
    queue: new PageQueue({ store, stopping, work }),
    counting: new OwnTotalsQueue({
      store,
      library,
      count: (job) => work("figures", job, { signal: stopping }),
    }),
  };
}
