/** Releases as the hub holds them (`cairn hub export --bytes`), held against their digests and signatures. */
import { releaseDigest, verifySignedRelease, type OptOuts, type RecordBasis } from "@cairn/wire";
import { plural } from "../../say.js";
import { fact, text, type Facts, type Findings } from "../findings.js";
import type { HubEntry, HubSide } from "../sides.js";

/** The fields that `cairn hub export --bytes` writes, in this order. */
const FIELDS =
  "run,correction,bytes,queryDigest,libraryDigest,date,policy,logIndex,logSize,logRoot,recordBasis,optOuts,signature";

/** Checks digests and signatures. @returns the number checked; null where the export holds none. */
export function checkBytes(found: Findings, hub: HubSide): number | null {
  const lines = hub.said.beside.get("release");
  if (!lines) return null;
  const counted = new Map<string, HubEntry>();
  for (const entry of hub.entries)
    if (entry.kind === "release-received")
      counted.set(`${text(entry, "run")} ${text(entry, "correction") || "0"}`, entry);
  for (const line of lines) {
    const facts = (line ?? {}) as Facts;
    const entry = counted.get(`${fact(facts, "run")} ${fact(facts, "correction")}`);
    counted.delete(`${fact(facts, "run")} ${fact(facts, "correction")}`);
    checkOne(found, hub, facts, entry);
  }
  const [first] = counted.values();
  if (first)
    found.problem(
      "bytes-differ",
      hub.name,
      `it tells of ${plural(counted.size, "release")} whose bytes are not beside its log`,
      { entry: first.position, run: text(first, "run") },
    );
  return lines.length;
}

function checkOne(found: Findings, hub: HubSide, facts: Facts, entry: HubEntry | undefined): void {
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
  if (releaseDigest(bytes).toString("hex") !== text(entry, "digest"))
    found.problem(
      "bytes-differ",
      hub.name,
      "the bytes that it holds have another digest than its log tells of",
      at,
    );
  else if (!isSigned(facts, bytes, entry.keeper))
    found.problem(
      "bytes-differ",
      hub.name,
      "the release that it holds is not signed by its practice as it stands",
      at,
    );
}

function isSigned(facts: Facts, bytes: Buffer, keeper: string): boolean {
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
    recordBasis: fact(facts, "recordBasis") as keyof typeof RecordBasis,
    correction: Number(facts["correction"]),
    optOuts: fact(facts, "optOuts") as keyof typeof OptOuts,
    signature,
  };
  return verifySignedRelease(release, Buffer.from(keeper, "hex"));
}
