/**
 * The second gate: whatever the keeper hands over, only strict releases, uses and states of runs that the hub asked
 * for are sent.
 */
import {
  decodeRelease,
  releaseDigest,
  WireRefusal,
  type Consent__Output,
  type DecidedCharters__Output,
  type GroupRequest__Output,
  type RunState__Output,
  type SignedRelease__Output,
  type Use__Output,
} from "@cairn/wire";
import type { CellCounts } from "./cells.js";

/**
 * Checks a release.
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

/** The uses that came with a release that are of it, and for groups that the hub's assignments name. */
export function passUses(
  uses: readonly Use__Output[],
  release: SignedRelease__Output,
  asked: CellCounts,
): Use__Output[] {
  const digest = releaseDigest(release.release);
  return uses.filter(
    (use) =>
      passes(use, release.run, asked) &&
      use.correction === release.correction &&
      digest.equals(use.releaseDigest),
  );
}

/** A state as it may leave: with groups that the hub named only, and refusals by their codes. Words stay here. */
export function passState(state: RunState__Output, asked: CellCounts): RunState__Output {
  return {
    ...state,
    refusal: wordless(state.refusal),
    groups: state.groups
      .filter(({ group }) => asked.names(state.run, group))
      .map((one) => ({ ...one, refusal: wordless(one.refusal), use: ownUse(one, state.run, asked) })),
  };
}

function ownUse({ group, use }: GroupRequest__Output, run: string, asked: CellCounts): Use__Output | null {
  return use && use.group === group && passes(use, run, asked) ? use : null;
}

function passes(use: Use__Output, run: string, asked: CellCounts): boolean {
  const { charterDigest, releaseDigest: digest, logRoot, signature } = use;
  return (
    use.run === run &&
    asked.names(run, use.group) &&
    use.correction <= 1 &&
    digest.length === 32 &&
    logRoot.length === 32 &&
    signature.length === 64 &&
    (charterDigest.length === 0 || charterDigest.length === 32)
  );
}

/** The last day of a consent, and the roles that charters let see names. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NAMED_TO: readonly string[] = ["cluster-lead", "provider", "analyst", "supporter"];

/** Consents to be named as they may leave: for groups that the hub named only, to a role, up to a day. */
export function passConsents(consents: readonly Consent__Output[], asked: CellCounts): Consent__Output[] {
  return consents.filter(
    ({ group, to, until, charterDigest, logRoot, signature }) =>
      asked.namesGroup(group) &&
      NAMED_TO.includes(to) &&
      DAY.test(until) &&
      charterDigest.length === 32 &&
      logRoot.length === 32 &&
      signature.length === 64,
  );
}

function wordless(refusal: RunState__Output["refusal"]): RunState__Output["refusal"] {
  return refusal && { code: refusal.code, words: "" };
}

function malformed(why: string): WireRefusal {
  return new WireRefusal("release-malformed", `this is not a release that may be sent: ${why}`);
}

/** Charters of which the practice has decided, as they may leave: by digest, and by nothing else. */
export function passCharters(decided: DecidedCharters__Output | null): DecidedCharters__Output | null {
  return decided && { digests: decided.digests.filter(({ length }) => length === 32) };
}
