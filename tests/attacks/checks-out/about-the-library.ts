/**
 * Each lie of the malicious hub and courier (`malicious.test.ts`), with the checks that refuse it and the test that has to
 * turn red without them. Where several checks refuse the same lie, each has a line in which its own refusal goes, and one
 * line takes out all of them. Two are never alone: a snapshot's signature beside its digest in the timestamp, and the keys
 * that a rule pinned, which end that rule before they are compared. They have the line with the other check alone.
 */
import { keeper, line, type Lines } from "./line.js";

const UPDATE = "packages/signed-library/test/update.test.ts";
const SIGNATURES = [UPDATE, "signatures: one, two of one kind, a stranger's, none"] as const;
const BYTES = [UPDATE, "one byte changed, in any signed file, is refused"] as const;
const OLDER = [UPDATE, "an older library, and metadata of two publications"] as const;
const MIXED = [UPDATE, "other bytes under the number of a signed file are of another publication"] as const;
const MISSING = [UPDATE, "a missing file is named"] as const;
const EXPIRED = [UPDATE, "expired: timestamp, targets, root"] as const;
const ROOTS = [UPDATE, "roots: rotated, skipped, with one key, signed by too few"] as const;
const RUN_UP = [
  UPDATE,
  "version numbers that a thief ran up are left behind when the hub's key is rotated",
] as const;
const LIBRARY = keeper("signed-library", "one version never holds other files than it was taken with");
const TORN = keeper(
  "signed-library",
  "a delivery lost half way through is refused, and the library in force goes on",
);
const LOST = keeper("signed-library", "metadata torn or altered in the database is never taken for none");
const TAKEN = '+"taken"';

export const ABOUT_THE_LIBRARY: Lines = {
  "one signature": [
    line(SIGNATURES, String.raw`lacks signatures .*1\/2/ +`, "targets are signed"),
    line(
      SIGNATURES,
      String.raw`-/^library-unsigned: 1\.targets\.json lacks signatures .*1\/2/ ${TAKEN}`,
      "targets are signed",
      "both kinds signed",
    ),
  ],
  "two of one kind": [line(SIGNATURES, `governance key/ ${TAKEN}`, "both kinds signed")],
  "a stranger's": [
    line(
      SIGNATURES,
      String.raw`-/^library-unsigned: .*1\/2/ ${TAKEN}`,
      "targets are signed",
      "both kinds signed",
    ),
  ],
  unsigned: [
    line(
      SIGNATURES,
      String.raw`-/^library-unsigned: .*0\/2/ ${TAKEN}`,
      "targets are signed",
      "both kinds signed",
    ),
    line(BYTES, "- timestamp.json at 61 --- found: taken", "the timestamp is signed"),
    line(BYTES, "- 2.snapshot.json at", "the snapshot is signed", "the snapshot is the timestamp's"),
  ],
  "one byte changed": [
    line(MIXED, "- 6.targets.json", "targets are those of the snapshot"),
    line(
      BYTES,
      "- 2.targets.json at",
      "targets are those of the snapshot",
      "targets are signed",
      "both kinds signed",
    ),
    line(BYTES, ".library.json at 61 --- found: taken", "a file is the one that was signed"),
  ],
  "old library": [
    line(OLDER, "- an older statement of the same", "no older timestamp"),
    line(OLDER, "- a new one of an older snapshot", "no older snapshot"),
    line(OLDER, "- a new statement over an old library", "no older targets"),
    line(
      LOST,
      "- an older one is older than the one in force all the same",
      "no older library than in force",
    ),
  ],
  "mixed metadata": [
    line(MIXED, "- 6.snapshot.json", "the snapshot is the timestamp's"),
    line(OLDER, "- a new statement over an old library", "the snapshot has the timestamp's version"),
    line(LIBRARY, "came with another content/", "no other files under a version"),
  ],
  "missing file": [
    line(MISSING, "- timestamp.json", "no metadata is missing"),
    line(MISSING, ".library.json --- ", "no target is missing"),
  ],
  "expired timestamp": [line(EXPIRED, String.raw`timestamp\.json/ ${TAKEN}`, "the timestamp holds")],
  "expired targets": [line(EXPIRED, String.raw`targets\.json has expired/ ${TAKEN}`, "the targets hold")],
  "root with one key": [
    line(ROOTS, String.raw`-/^library-unsigned: 2\.root\.json/ +`, "a root is signed by the one before"),
    line(ROOTS, "- not signed by those whom it names", "a root is signed by itself"),
    line(
      ROOTS,
      String.raw`-/^library-unsigned: 2\.root\.json .*1\/2/ ${TAKEN}`,
      "a root is signed by the one before",
      "a root is signed by itself",
    ),
    line(
      ROOTS,
      "-/^library-unsigned: the root lets fewer than 2 keys sign targets/",
      "a next root asks for two",
    ),
    line(ROOTS, "- also where that root is trusted already", "the trusted root asks for two"),
    line(ROOTS, "- the hub's own key", "a root that a person gives asks for two"),
  ],
  "version run up": [
    line(
      RUN_UP,
      `-/^library-rollback/ ${TAKEN}`,
      "no older timestamp",
      "no older snapshot",
      "no older targets",
    ),
  ],
  "torn metadata files followed by an old library": [
    line(
      TORN,
      "- what was torn is known, and nothing older is taken",
      "what was verified before a refusal is kept",
    ),
    line(
      LOST,
      "- an older one is older than the one in force all the same",
      "no older library than in force",
    ),
  ],
};
