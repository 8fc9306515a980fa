/** The second gate: whatever the keeper hands over, only a strict release of the right length is sent. */
import { decodeRelease, WireRefusal, type SignedRelease__Output } from "@cairn/wire";

/**
 * @param run that was asked for.
 * @param cells that the hub's assignment says the table has; 0 where no assignment said so.
 * @throws WireRefusal release-malformed, release-too-large
 */
export function passSecondGate(
  release: SignedRelease__Output | null,
  run: string,
  cells: number,
): SignedRelease__Output {
  if (!release || release.run !== run) throw malformed("it is not the run that was asked for");
  if (cells === 0) throw malformed("no assignment says how many cells it has");
  decodeRelease(release.release, cells);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(release.referenceDate)) throw malformed("its reference date is not a date");
  if (release.correction > 1) throw malformed("there is one corrected release, not more");
  const digests = [release.queryDigest, release.libraryDigest, release.logRoot];
  if (digests.some((digest) => digest.length !== 32) || release.signature.length !== 64) {
    throw malformed("a digest or its signature has the wrong length");
  }
  return release;
}

function malformed(why: string): WireRefusal {
  return new WireRefusal("release-malformed", `this is not a release that may be sent: ${why}`);
}
