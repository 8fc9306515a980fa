/** Tells the hub of the practice's consents to be named and of their ends, and takes its receipts back to the keeper. */
import { randomUUID } from "node:crypto";
import { consentDigest, type Consent__Output } from "@cairn/wire";
import { atStep } from "../config.js";
import { askKeeper, type Courier } from "./courier.js";
import { passConsents } from "./second-gate.js";

export class Consents {
  readonly #courier: Courier;
  /** Those that the hub has answered, by their digests: taken or refused, they are not told again. */
  readonly #told = new Set<string>();
  #restores = 0;
  #library = "";

  constructor(courier: Courier) {
    this.#courier = courier;
  }

  /**
   * Tells of each once, and of all again once the hub was away, as it may have come back from a backup, and under each version of
   * the library: the hub may have set consents aside as charters changed. A refusal is said, and holds up nothing else.
   */
  async tell(consents: readonly Consent__Output[], library: string): Promise<void> {
    const { cells, hubRestored } = this.#courier;
    if (hubRestored.times !== this.#restores || library !== this.#library) this.#told.clear();
    [this.#restores, this.#library] = [hubRestored.times, library];
    for (const consent of passConsents(consents, cells)) {
      const name = consentDigest(consent).toString("hex");
      if (this.#told.has(name)) continue;
      await this.#tellOne(consent);
      this.#told.add(name);
    }
  }

  async #tellOne(consent: Consent__Output): Promise<void> {
    const { hub, keeper, say } = this.#courier;
    const request = { runs: [], consents: [consent], idempotencyKey: randomUUID() };
    const { consents, consentRefusals } = await atStep("report", () =>
      hub.call((api) => api.report(request, { deadlineMs: 10_000 })),
    );
    for (const { code, words } of consentRefusals)
      say(
        `the hub did not take what this practice said of being named in ${consent.group}: ${code}: ${words}`,
      );
    if (consents.length > 0) await atStep("acknowledge", () => askKeeper(keeper.acknowledge({ consents })));
  }
}
