/** Consents to be named: the hub's log tells of what practices signed, each in its practice's own log, and of every end. */
import type { HubEntryOf } from "../../hub-log.js";
import type { PracticeEntryOf } from "../../practice-log.js";
import type { Findings } from "../findings.js";
import type { Moments } from "../moments.js";
import type { HubSide, PlacedEntry, PracticeLine, PracticeSide } from "../sides.js";
import type { WireSignatures } from "../signatures.js";

type AtHub = Extract<PlacedEntry, { readonly body: HubEntryOf<"consentReceived">["body"] }>;

function isConsent(entry: PlacedEntry): entry is AtHub {
  return entry.kind === "consent-received" || (entry.kind === "consent-ended" && "signature" in entry.body);
}

/** Checks that each consent and end in the hub's log bears the signature of its practice's keeper. */
export function checkConsents(found: Findings, hub: HubSide, wire: WireSignatures): void {
  for (const entry of hub.entries)
    if (isConsent(entry) && !isSigned(entry, wire))
      found.problem(
        "consent-unknown",
        hub.name,
        `it tells of ${wordsOf(entry)} to be named in ${entry.body.group} that its practice did not sign`,
        { entry: entry.position },
      );
}

function isSigned({ kind, body, keeper }: AtHub, wire: WireSignatures): boolean {
  const hex = (text: string): Buffer => Buffer.from(text, "hex");
  const consent = {
    ...{ group: body.group, charterDigest: hex(body.charter), to: body.to, until: body.until },
    ...{
      ended: kind === "consent-ended",
      logIndex: body.practice_log_index,
      logSize: body.practice_log_size,
    },
    ...{ logRoot: hex(body.practice_log_root), signature: hex(body.signature) },
  };
  return (
    /^[0-9a-f]{64}$/.test(keeper) && consent.signature.length === 64 && wire.isConsent(consent, hex(keeper))
  );
}

/**
 * Checks that each consent and end that the hub tells of stands in the practice's log at its place, and that the hub tells of
 * each for which the practice holds its receipt. A log that was restored may lack what was in it then.
 */
export function checkOwnConsents(
  found: Findings,
  hub: HubSide,
  practice: PracticeSide,
  moments: Moments,
  wire: WireSignatures,
): void {
  const { entries, size } = practice.log;
  const isRestored = entries.some(({ kind }) => kind === "restored");
  const known = new Map<string, AtHub>(); // by the digest of the signature
  for (const entry of hub.entries) {
    if (!isConsent(entry) || entry.keeper !== practice.rawKey) continue;
    known.set(wire.consentDigest(Buffer.from(entry.body.signature, "hex")).toString("hex"), entry);
    const { practice_log_index: index } = entry.body;
    const isLater = index >= size && !moments.practiceMustTell(entry.at);
    if (isRestored || isLater || isSame(entry, entries[index])) continue;
    found.problem(
      "consent-unknown",
      hub.name,
      `it tells of ${wordsOf(entry)} to be named in ${entry.body.group} that the log of ${practice.name} does not tell of`,
      { entry: entry.position },
    );
  }
  for (const entry of entries) {
    if (entry.kind !== "consent-receipt") continue;
    const receipt = {
      consentDigest: Buffer.from(entry.body.digest, "hex"),
      hubLogIndex: entry.body.hub_log_index,
      signature: Buffer.from(entry.body.signature, "hex"),
    };
    const isHubs = receipt.signature.length === 64 && wire.isConsentReceipt(receipt, hub.rawKey);
    const what = `the receipt for ${entry.body.ended ? "an end of a consent" : "a consent"} to be named in ${entry.body.group}`;
    if (!isHubs)
      found.problem("receipt-unknown", practice.name, `${what} does not bear the hub's signature`, {
        entry: entry.position,
      });
    else if (!known.has(entry.body.digest) && moments.hubMustTell(entry.at) && hub.logs.length === 1)
      found.problem(
        "consent-unknown",
        hub.name,
        `it does not tell of that for which ${practice.name} holds ${what}`,
        {},
      );
  }
}

function isSame(at: AtHub, own: PracticeLine | undefined): boolean {
  const kind = at.kind === "consent-received" ? "consent-given" : "consent-ended";
  if (own?.kind !== kind) return false;
  const { group, charter, to, until } = (own as PracticeEntryOf<"consentGiven">).body;
  const said = at.body;
  return group === said.group && charter === said.charter && to === said.to && until === said.until;
}

function wordsOf({ kind }: AtHub): string {
  return kind === "consent-received" ? "a consent" : "the end of a consent";
}
