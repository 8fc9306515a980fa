/** The hub's receipts for consents to be named, and for their ends. */
import { practiceLog } from "@cairn/ledger";
import {
  consentDigest,
  verifyConsentReceipt,
  WireRefusal,
  type Consent__Output,
  type ConsentReceipt__Output,
} from "@cairn/wire";
import type { Change, Reader } from "../store/store.js";
import { endConsent, newestConsents } from "./consents.js";

/** Most receipts in one call: a practice is in few groups. */
const MOST_RECEIPTS = 64;

/**
 * Consents of which the hub is told: the newest of each group and role but for what is over by its date. Also what it has confirmed, for
 * a hub that came back from a backup may have lost it.
 */
export function consentsToReport(store: Reader): Consent__Output[] {
  return newestConsents(store).flatMap(({ consent }) =>
    consent.ended || consent.until >= store.today ? [consent] : [],
  );
}

/** Checks receipts. @throws WireRefusal bad-request, bad-signature */
export function checkConsentReceipts(receipts: readonly ConsentReceipt__Output[], hubKey: Buffer): void {
  if (receipts.length > MOST_RECEIPTS)
    throw new WireRefusal("bad-request", `at most ${MOST_RECEIPTS} receipts for consents in one call`);
  if (receipts.every((receipt) => verifyConsentReceipt(receipt, hubKey))) return;
  throw new WireRefusal("bad-signature", "a receipt for a consent does not bear the hub's signature");
}

/**
 * Takes checked receipts into the practice's log, each once; one for what is not the newest here says nothing any more. What the
 * hub has set aside ends here, too: nobody is named by it, and a person may give it again.
 */
export function takeConsentReceipts(change: Change, receipts: readonly ConsentReceipt__Output[]): void {
  for (const { consent, acknowledged } of newestConsents(change)) {
    const digest = consentDigest(consent);
    const receipt = receipts.find((each) => each.consentDigest.equals(digest));
    if (receipt?.setAside && !consent.ended) endConsent(change, consent, "hub");
    if (!receipt || receipt.setAside || acknowledged) continue;
    change.db.prepare("UPDATE consent SET acknowledged = 1 WHERE signature = ?").run(consent.signature);
    change.note(practiceLog.consentReceipt, {
      ...{ group: consent.group, to: consent.to, ended: consent.ended, digest: digest.toString("hex") },
      ...{ hub_log_index: receipt.hubLogIndex, signature: receipt.signature.toString("hex") },
    });
  }
}
