/** The hub's receipts: what the practice holds one for, the hub tells of; and what the hub took, the practice holds one for. */
import { indexIn, placeOf } from "@cairn/audit-log";
import type { HubEntry } from "../../hub-log.js";
import type { PracticeEntryOf } from "../../practice-log.js";
import { fact, isOfRelease, nameOf, plural, releaseName, type Facts, type Findings } from "../findings.js";
import { CLOCK_TOLERANCE_MS, type Moments } from "../moments.js";
import { isSealed, type HubSide, type PlacedEntry, type PracticeLine, type PracticeSide } from "../sides.js";
import type { WireSignatures } from "../signatures.js";
import { calledBackBy, withdrawals } from "./called-back.js";
import { isCountersigned } from "./countersigned.js";
import type { AgreedReleases, OwnRelease } from "./releases.js";

type Receipt = PracticeEntryOf<"receipt" | "withdrawalReceipt" | "useReceipt">;

export function isReceipt(entry: PracticeLine): entry is Receipt {
  return entry.kind === "receipt" || entry.kind === "withdrawal-receipt" || entry.kind === "use-receipt";
}

/** The entry that the hub logs for each kind of receipt. */
export function taken(receipt: Receipt): HubEntry["kind"] {
  switch (receipt.kind) {
    case "receipt":
      return "release-received";
    case "withdrawal-receipt":
      return "release-withdrawn";
    case "use-receipt":
      return receipt.body.ended ? "use-ended" : "use-received";
  }
}

/** Everything that the hub's log tells of a release. */
export function namesAtHub({ entries }: HubSide): ReadonlySet<string> {
  return new Set(entries.flatMap((entry) => (isOfRelease(entry) ? nameOf(entry.kind, entry) : [])));
}

/** Checks receipts. @returns the number later than the hub's export, and so not checked. */
export function checkReceipts(
  found: Findings,
  hub: HubSide,
  practice: PracticeSide,
  moments: Moments,
  wire: WireSignatures,
): number {
  const known = namesAtHub(hub);
  const byIndex = new Map(hub.entries.map((entry) => [entry.index, entry]));
  const signed = signedReceipts(practice);
  let lost = 0;
  let later = 0;
  for (const receipt of practice.withHub) {
    if (!isReceipt(receipt)) continue;
    const name = nameOf(taken(receipt), receipt);
    const index = receipt.body.hub_log_index; // null in versions from before receipts had places
    const at = index === null ? undefined : byIndex.get(index);
    if (at && isSealed(at)) continue; // named with what is sealed
    if (at ? isOfRelease(at) && nameOf(at.kind, at) === name : index === null && known.has(name)) continue;
    const ends = index === null ? "inside" : whereEnds(hub, index);
    if (ends === "past-log") {
      if (!known.has(name)) lost += 1; // lost with the hub's restore, and not given again yet
      continue;
    }
    const word = hubsWord(hub, receipt, signed, wire);
    if (ends === "present-log" && !moments.hubMustTell(receipt.at) && word !== "invented") {
      later += 1;
      continue;
    }
    found.problem(
      "receipt-unknown",
      practice.name,
      `it holds a receipt ${RECEIPTS[receipt.kind]} that the hub's log does not tell of${index === null ? "" : ` at its place ${placeOf(index).position}`}${WORDS[word]}`,
      { entry: receipt.position, run: receipt.body.run },
    );
  }
  if (lost > 0)
    found.note(
      `${practice.name} holds ${plural(lost, "receipt")} that the hub lost when it was restored, and has not given those releases again yet.`,
    );
  return later;
}

const RECEIPTS: Readonly<Record<Receipt["kind"], string>> = {
  receipt: "for a release",
  "withdrawal-receipt": "for a withdrawal",
  "use-receipt": "for a use",
};
const WORDS = {
  signed: "; the hub's own signature is on it",
  invented: ", and the hub's signature on it does not hold",
  unknown: "",
} as const;

function whereEnds({ logs }: HubSide, index: number): "inside" | "past-log" | "present-log" {
  const { number, position } = placeOf(index);
  if (position < (logs[number]?.size ?? 0)) return "inside";
  return number < logs.length - 1 ? "past-log" : "present-log";
}

/** The receipts beside the practice's log, as the hub signed them. */
function signedReceipts({ said }: PracticeSide): ReadonlyMap<string, Facts> | null {
  const lines = said.beside.get("receipt");
  if (!lines) return null;
  return new Map(lines.map((line) => (line ?? {}) as Facts).map((line) => [receiptName(line), line]));
}

function receiptName(facts: Facts): string {
  return ["run", "correction", "digest", "hubLogIndex"].map((name) => fact(facts, name) || "0").join(" ");
}

function hubsWord(
  { rawKey }: HubSide,
  { kind, body }: Receipt,
  signed: ReturnType<typeof signedReceipts>,
  wire: WireSignatures,
): keyof typeof WORDS {
  const { run, correction, digest, hub_log_index: hubLogIndex } = body;
  const said = signed?.get(receiptName({ run, correction, digest, hubLogIndex }));
  if (!said || kind === "use-receipt") return "unknown"; // the newest receipt of each release is kept, no older one
  const holds = wire.isReceipt(
    {
      run: fact(said, "run"),
      correction: Number(fact(said, "correction")),
      releaseDigest: Buffer.from(fact(said, "digest"), "hex"),
      hubLogIndex: Number(fact(said, "hubLogIndex")),
      withdrawn: said["withdrawn"] === true,
      group: fact(said, "group"),
      signature: Buffer.from(fact(said, "signature"), "base64"),
    },
    rawKey,
  );
  return holds ? "signed" : "invented";
}

/** Most receipts that can be on their way: as many as one call carries (packages/courier, work/send.ts). */
const ON_THEIR_WAY = 64;
/** Time in ms in which a receipt arrives: with the answer to the call, or after a lost one with the next. */
const SOON_MS = 10 * 60_000 + CLOCK_TOLERANCE_MS;
const A_DAY_MS = 86_400_000;
/** Entries that show that the practice had the hub's answer to something. */
const HEARD: ReadonlySet<PracticeLine["kind"]> = new Set<PracticeLine["kind"]>([
  "receipt",
  "withdrawal-receipt",
  "use-receipt",
  "checkpoint-countersigned",
  "library-verified",
  "query-offered",
  "run-started",
]);

/**
 * Checks what the hub took without a receipt in the practice's log. Only the last of these can be on their way:
 * nothing that the hub took later has a receipt, the practice has not countersigned the hub's log past them twice,
 * has not heard of the hub for long, and its log ends soon after.
 * @returns the number on their way.
 */
export function checkReceipted(
  found: Findings,
  hub: HubSide,
  practice: PracticeSide,
  { received }: AgreedReleases,
  moments: Moments,
): number {
  const { log, name, withHub } = practice;
  const receipts = withHub.filter((entry) => entry.kind === "receipt");
  const held = new Set(receipts.map(releaseName));
  const over = settledOtherwise(log.entries);
  const waiting = [...received].filter(
    ([sent, own]) => !held.has(releaseName(sent)) && !over(own, sent) && moments.practiceMustTell(sent.at),
  );
  const newest = Math.max(-1, ...receipts.map(({ body }) => body.hub_log_index ?? -1));
  const seen = countersignedPlaces(hub, log.entries);
  const heard = log.entries.reduce(
    (max, entry) => (HEARD.has(entry.kind) ? Math.max(max, entry.at) : max),
    0,
  );
  const end = Math.max(log.signedAt ?? 0, ...log.entries.slice(-1).map(({ at }) => at));
  let onTheirWay = 0;
  for (const [sent, own] of waiting) {
    const { at } = sent;
    const canCome =
      waiting.length <= ON_THEIR_WAY &&
      sent.index > newest &&
      seen.filter((place) => place > sent.index).length < 2 &&
      heard <= at + SOON_MS &&
      end <= at + A_DAY_MS;
    if (canCome) onTheirWay += 1;
    else
      found.problem(
        "receipt-missing",
        name,
        `the hub took this release (its entry ${sent.position}), and this log holds no receipt for it`,
        {
          entry: own.position,
          run: sent.body.run,
        },
      );
  }
  if (onTheirWay > 0)
    found.note(
      `${name}: ${plural(onTheirWay, "receipt")} of the hub still on the way when its log was exported.`,
    );
  return onTheirWay;
}

/**
 * Finds releases that get no receipt: withdrawn before it came, or called back on their way, declined for every group
 * that had a use of them, about when the hub took them.
 */
function settledOtherwise(
  entries: readonly PracticeLine[],
): (released: OwnRelease, taken: PlacedEntry) => boolean {
  const withdrawn = withdrawals(entries);
  const calledBack = calledBackBy(entries);
  const heard = entries.filter(({ kind }) => HEARD.has(kind)).map(({ at }) => at);
  return (released, taken) => {
    if (withdrawn.has(releaseName(released))) return true;
    const declined = released.kind === "released" ? calledBack(released) : null;
    if (!declined) return false;
    const [took, said] = [taken.at, declined.at];
    if (Math.abs(took - said) <= A_DAY_MS) return true;
    return took < said && !heard.some((at) => at > took + SOON_MS && at < said);
  };
}

/** Up to which place of the hub's logs the practice has countersigned, each time. */
function countersignedPlaces({ logs }: HubSide, entries: readonly PracticeLine[]): number[] {
  return entries.filter(isCountersigned).flatMap(({ body }) => {
    const number = logs.findIndex(({ origin }) => origin === body.origin);
    return number < 0 ? [] : [indexIn(number, body.size)];
  });
}
