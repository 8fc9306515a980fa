/** Carries the hub's checkpoints to the keeper, which countersigns those that extend what it saw before. */
import { WireRefusal } from "@cairn/wire";
import { AGAIN_MS, atStep } from "../config.js";
import { askKeeper, wordsOf, type Courier } from "./courier.js";

export class Witness {
  readonly #courier: Courier;
  #last = "";
  #notBefore = 0;

  constructor(courier: Courier) {
    this.#courier = courier;
  }

  /**
   * Carries a checkpoint. Problems are logged and do not stop the polling.
   * @param checkpoint of a poll's reply; "" where it had none.
   */
  async see(checkpoint: string): Promise<void> {
    const { now, say } = this.#courier;
    if (checkpoint === "" || checkpoint === this.#last || now() < this.#notBefore) return;
    this.#notBefore = now() + AGAIN_MS;
    try {
      await atStep("witness", () => this.#countersign(checkpoint));
      this.#last = checkpoint;
    } catch (error) {
      if (this.#courier.isFatal(error)) throw error;
      say(`the hub's log was not countersigned: ${wordsOf(error)}`);
    }
  }

  async #countersign(checkpoint: string): Promise<void> {
    const { hub, keeper } = this.#courier;
    // Asked each time: a person at the practice may have accepted another log of the hub meanwhile.
    const seenSize = Number((await askKeeper(keeper.describe({}))).witnessedSize);
    const proof = await hub
      .call((api) => api.witness({ seenSize, cosigned: "" }, { deadlineMs: 10_000 }))
      .catch((error: unknown) => withoutProof(error, checkpoint, seenSize));
    const signed = await askKeeper(keeper.countersign(proof));
    if (signed.refusal) {
      throw new WireRefusal(signed.refusal.code as WireRefusal["code"], signed.refusal.words);
    }
    await hub.call((api) =>
      api.witness({ seenSize: Number(signed.seenSize), cosigned: signed.cosigned }, { deadlineMs: 10_000 }),
    );
  }
}

/**
 * A hub whose log is shorter than the last one seen has no proof to give: the keeper receives the checkpoint without
 * one, and keeps it as evidence.
 */
function withoutProof(error: unknown, checkpoint: string, fromSize: number) {
  if (!(error instanceof WireRefusal) || error.code !== "hub-restored") throw error;
  return { checkpoint, consistency: [], fromSize };
}
