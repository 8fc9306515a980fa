/** Whether a stored release counts for a group, checked at each reading of its numbers. */
import type { Charter } from "@cairn/charters";
import type { Alarm } from "@cairn/comparisons";
import { createHash } from "node:crypto";
import { serialize } from "node:v8";
import { decodeRelease, releaseDigest } from "@cairn/wire";
import type { ReleaseRow, UseRow } from "../store/tables.js";
import { keepsFloor, type Floor } from "./floor.js";
import { agreesOnOptOuts } from "./opt-outs.js";
import { nonsenseIn } from "./sense.js";
import { bearsRelease, bearsUse, type AskedRun } from "./signed.js";

interface Shown {
  readonly release: ReleaseRow;
  readonly use: UseRow;
  readonly run: AskedRun;
  readonly floor: Floor;
  /** What the charter under which the use was given says of people with a type 1 opt-out; null where under none. */
  readonly charterOptOuts: Charter["optOuts"] | null;
  readonly cells: number;
  /** The practice's keeper keys, raw. */
  readonly keys: readonly Buffer[];
}

const known = new Map<string, Alarm | null>();
const MOST_KNOWN = 200_000;

/**
 * The alarm of a release; null where it counts. Cached by the digest of everything that was checked, so that a row is
 * verified once.
 */
export function alarmOf(shown: Shown): Alarm | null {
  const digest = createHash("sha256").update(serialize(shown)).digest("base64");
  const before = known.get(digest);
  if (before !== undefined) return before;
  const alarm = looked(shown);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(digest, alarm);
  return alarm;
}

function looked({ release, use, run, floor, charterOptOuts, cells, keys }: Shown): Alarm | null {
  const isOfTheseBytes = releaseDigest(release.bytes).equals(use.release_digest);
  if (!isOfTheseBytes || !bearsRelease(release, run, keys) || !bearsUse(use, keys)) return "bad-signature";
  if (!keepsFloor(release, floor)) return "floor-not-met";
  if (!agreesOnOptOuts(release, charterOptOuts)) return "opt-outs-counted";
  const policy = { k: release.policy_k, base: release.policy_base, midpoint: release.policy_midpoint };
  try {
    return nonsenseIn(decodeRelease(release.bytes, cells), policy) === null ? null : "release-malformed";
  } catch {
    return "release-malformed"; // not even a release
  }
}
