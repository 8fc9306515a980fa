/**
 * Carries the hub's checkpoints to the keeper, which countersigns those that extend what it saw before, and with them
 * the proofs that the keeper lacks of what witnesses countersigned.
 */
import { WireRefusal, type KeeperState__Output, type PollReply__Output } from "@cairn/wire";
import { AGAIN_MS, atStep } from "../config.js";
import { askKeeper, wordsOf, type Courier } from "./courier.js";

export class Witness {
  readonly #courier: Courier;
  #last = "";
  #lastLibrary = "";
  #notBefore = 0;

  constructor(courier: Courier) {
    this.#courier = courier;
  }

  /**
   * Carries a checkpoint with the proofs: not more often than once a minute, but at once where runs wait for the
   * proof of a library's publication. Problems are logged and do not stop the polling.
   */
  async see({ checkpoint, quorumSize }: Pick<PollReply__Output, "checkpoint" | "quorumSize">): Promise<void> {
    const { now, say, keeper } = this.#courier;
    if (checkpoint === "") return;
    const state = await askKeeper(keeper.describe({}));
    const asked = quorumSize > 0 ? state : NOTHING;
    const library = asked.unprovedLibrary && `${asked.unprovedLibrary} ${quorumSize}`;
    const all = `${checkpoint} ${quorumSize} ${asked.unproved.join(" ")}`;
    const isUrgent = library !== "" && library !== this.#lastLibrary;
    if (!isUrgent && (all === this.#last || now() < this.#notBefore)) return;
    this.#notBefore = now() + AGAIN_MS;
    this.#lastLibrary = library;
    try {
      await atStep("witness", () => this.#countersign(checkpoint, asked));
      this.#last = all;
    } catch (error) {
      if (this.#courier.isFatal(error)) throw error;
      say(`the hub's log was not countersigned: ${wordsOf(error)}`);
    }
  }

  async #countersign(checkpoint: string, { unproved, unprovedLibrary }: Asked): Promise<void> {
    const { hub, keeper, say } = this.#courier;
    // Asked each time: a person at the practice may have accepted another log of the hub meanwhile.
    const seenSize = Number((await askKeeper(keeper.describe({}))).witnessedSize);
    const request = { seenSize, cosigned: "", unproved, unprovedLibrary };
    const proof = await hub
      .call((api) => api.witness(request, { deadlineMs: 10_000 }))
      .catch((error: unknown) => withoutProof(error, checkpoint, seenSize));
    const signed = await askKeeper(keeper.countersign(proof));
    if (signed.refusal) {
      throw new WireRefusal(signed.refusal.code as WireRefusal["code"], signed.refusal.words);
    }
    if (signed.proofsRefusal) say(`${signed.proofsRefusal.code}: ${signed.proofsRefusal.words}`);
    await hub.call((api) =>
      api.witness({ seenSize: Number(signed.seenSize), cosigned: signed.cosigned }, { deadlineMs: 10_000 }),
    );
  }
}

type Asked = Pick<KeeperState__Output, "unproved" | "unprovedLibrary">;

const NOTHING: Asked = { unproved: [], unprovedLibrary: "" };

/**
 * A hub whose log is shorter than the last one seen has no proof to give: the keeper receives the checkpoint without
 * one, and keeps it as evidence.
 */
function withoutProof(error: unknown, checkpoint: string, fromSize: number) {
  if (!(error instanceof WireRefusal) || error.code !== "hub-restored") throw error;
  return { checkpoint, consistency: [], fromSize };
}
