/** Carries the comparisons that the hub made to the keeper, which verifies them. The courier holds none. */
import { WireRefusal, type PollReply__Output } from "@cairn/wire";
import { AGAIN_MS, atStep } from "../config.js";
import { askKeeper, type Courier } from "./courier.js";

export class Comparisons {
  readonly #courier: Courier;
  #notBefore = 0;
  #said = "";

  constructor(courier: Courier) {
    this.#courier = courier;
  }

  /** The place that a poll names; 0, which asks for none, while the keeper takes none. */
  from(heldFrom: number): number {
    return this.#courier.now() < this.#notBefore ? 0 : Math.max(1, heldFrom);
  }

  /** Carries what a poll's reply tells of, page by page. @returns whether the keeper took any. */
  async carry({ newestComparison }: PollReply__Output): Promise<boolean> {
    const { keeper, now, say } = this.#courier;
    let from = Number((await askKeeper(keeper.describe({}))).comparisonsFrom);
    if (newestComparison < from || now() < this.#notBefore) return false;
    let taken = 0;
    for (;;) {
      const page = await this.#page(from);
      if (page.refusal !== null) {
        this.#notBefore = now() + AGAIN_MS; // it waits for a person
        const words = `no comparison was taken: ${page.refusal}`;
        if (words !== this.#said) say(words);
        this.#said = words;
        return taken > 0;
      }
      taken += page.taken;
      for (const words of page.refusals) say(`a comparison was turned down: ${words}`);
      if (!page.more || page.next <= from) break;
      from = page.next;
    }
    this.#said = "";
    return taken > 0;
  }

  async #page(from: number): Promise<PageOutcome> {
    const { hub, keeper } = this.#courier;
    // Asked each time: another loop may have had a newer checkpoint countersigned meanwhile.
    const seenSize = Number((await askKeeper(keeper.describe({}))).witnessedSize);
    const page = await atStep("comparisons", () =>
      hub.call((api) => api.fetchComparisons({ from, seenSize }, { deadlineMs: 20_000 })),
    ).catch(asOutcome);
    if (typeof page === "string") return { ...NOTHING, refusal: page };
    const { comparisons, next, checkpoint, consistency, fromSize, more } = page;
    const told = await askKeeper(
      keeper.offerComparisons({ comparisons, next, checkpoint, consistency, fromSize }),
    );
    return {
      taken: told.taken,
      refusals: told.refusals.map(({ code, words }) => `${code}: ${words}`),
      refusal: told.refusal ? `${told.refusal.code}: ${told.refusal.words}` : null,
      next: Number(next),
      more,
    };
  }
}

interface PageOutcome {
  readonly taken: number;
  readonly refusals: readonly string[];
  readonly refusal: string | null;
  readonly next: number;
  readonly more: boolean;
}

const NOTHING = { taken: 0, refusals: [], next: 0, more: false };

/** A hub whose log is shorter than the last one seen has no proof to give: the witness's part says so. */
function asOutcome(error: unknown): string {
  if (error instanceof WireRefusal && error.code === "hub-restored") return `${error.code}: ${error.message}`;
  throw error;
}
