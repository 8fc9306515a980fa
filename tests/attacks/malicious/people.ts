/** Who signs the library of a malicious hub's practices: one more clinical signer than the two of a test, and strangers. */
import type { KeyObject } from "node:crypto";
import { newKey, type SignerKeys } from "@cairn/signed-library";
import { Signers } from "@cairn/testkit";

export class People extends Signers {
  readonly secondClinical = newKey("Dr Otto Other", "clinical");
  readonly stranger = newKey("Sam Stranger", "governance");

  constructor(online: KeyObject) {
    super(online);
  }

  override get keys(): SignerKeys {
    const { targets, ...others } = super.keys;
    return { ...others, targets: [...targets, this.secondClinical.publicKey] };
  }
}
