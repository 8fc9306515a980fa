/** Releases as the hub holds them (`cairn hub export --bytes`), held against their digests and signatures. */
import { fact, plural, type Facts, type Findings } from "../findings.js";
import type { HubSide, PlacedEntry } from "../sides.js";
import type { WireSignatures } from "../signatures.js";

/** The fields that `cairn hub export --bytes` writes, in this order. */
const FIELDS =
  "run,correction,bytes,queryDigest,libraryDigest,date,policy,logIndex,logSize,logRoot,recordBasis,optOuts,signature";

type Received = Extract<PlacedEntry, { readonly kind: "release-received" }>;

/** Checks digests and signatures. @returns the number checked; null where the export holds none. */
export function checkBytes(found: Findings, hub: HubSide, wire: WireSignatures): number | null {
  const lines = hub.said.beside.get("release");
  if (!lines) return null;
  const counted = new Map<string, Received>();
  for (const entry of hub.entries)
    if (entry.kind === "release-received") counted.set(`${entry.body.run} ${entry.body.correction}`, entry);
  for (const line of lines) {
    const facts = (line ?? {}) as Facts;
    const entry = counted.get(`${fact(facts, "run")} ${fact(facts, "correction")}`);
    counted.delete(`${fact(facts, "run")} ${fact(facts, "correction")}`);
    checkOne(found, hub, facts, entry, wire);
  }
  const [first] = counted.values();
  if (first)
    found.problem(
      "bytes-differ",
      hub.name,
      `it tells of ${plural(counted.size, "release")} whose bytes are not beside its log`,
      { entry: first.position, run: first.body.run },
    );
  return lines.length;
}

function checkOne(
  found: Findings,
  hub: HubSide,
  facts: Facts,
  entry: Received | undefined,
  wire: WireSignatures,
): void {
  const run = fact(facts, "run");
  if (Object.keys(facts).join() !== FIELDS) {
    found.problem(
      "log-unreadable",
      hub.name,
      "a release beside its log: it is not written as the hub writes it",
      { run },
    );
    return;
  }
  if (!entry) {
    found.problem("bytes-differ", hub.name, "it holds a release that its log does not tell of", { run });
    return;
  }
  const at = { entry: entry.position, run };
  const bytes = Buffer.from(fact(facts, "bytes"), "base64");
  if (wire.releaseDigest(bytes).toString("hex") !== entry.body.digest)
    found.problem(
      "bytes-differ",
      hub.name,
      "the bytes that it holds have another digest than its log tells of",
      at,
    );
  else if (!isSigned(facts, bytes, entry.keeper, wire))
    found.problem(
      "bytes-differ",
      hub.name,
      "the release that it holds is not signed by its practice as it stands",
      at,
    );
}

function isSigned(facts: Facts, bytes: Buffer, keeper: string, wire: WireSignatures): boolean {
  const [k = 0, base = 0, midpoint = 0] = fact(facts, "policy").split(",").map(Number);
  const signature = Buffer.from(fact(facts, "signature"), "base64");
  if (!/^[0-9a-f]{64}$/.test(keeper) || signature.length !== 64) return false;
  const hex = (name: string): Buffer => Buffer.from(fact(facts, name), "hex");
  const release = {
    run: fact(facts, "run"),
    release: bytes,
    queryDigest: hex("queryDigest"),
    libraryDigest: hex("libraryDigest"),
    referenceDate: fact(facts, "date"),
    policy: { k, base, midpoint },
    logIndex: Number(facts["logIndex"]),
    logSize: Number(facts["logSize"]),
    logRoot: hex("logRoot"),
    recordBasis: fact(facts, "recordBasis"),
    correction: Number(facts["correction"]),
    optOuts: fact(facts, "optOuts"),
    signature,
  };
  return wire.isRelease(release, Buffer.from(keeper, "hex"));
}
