/** `agent trust` and `agent library take`: whom this practice trusts to sign, and a library that came by file. */
import { readFileSync } from "node:fs";
import { decider, keeperFolder, KeeperStore, takeInLibrary, trustRoot } from "@cairn/keeper/practice";
import { CairnError } from "@cairn/errors";
import { parseRoot, readRoot, rootFingerprint, signersOfRoot } from "@cairn/signed-library";
import { plural, say } from "../say.js";
import type { DecisionOptions } from "./decision-commands.js";

export interface TrustFlags extends DecisionOptions {
  readonly fingerprint?: string;
}

/** A file that is not there, or that is not the one whose fingerprint was read out. */
class RootFileError extends CairnError<"unreadable" | "another-fingerprint"> {
  readonly kind = "wrong-use";
}

/** Trusts a root once its fingerprint is given as the signers read it out; before that, says what the file holds. */
export function trustAt(file: string, { data, as, fingerprint }: TrustFlags): void {
  const bytes = bytesOf(file);
  readRoot(bytes);
  const own = rootFingerprint(bytes);
  if (fingerprint === undefined) {
    const { version } = parseRoot(bytes).signed;
    say.result(`${file} is root ${version} of a library. Its fingerprint is ${own}`);
    for (const line of signersOfRoot(bytes)) say.result(`  ${line}`);
    say.result(
      "Nothing is changed yet. Have two of these people read out the fingerprint by telephone; where it is the same, give this command again with --fingerprint and what they read.",
    );
    return;
  }
  if (plain(fingerprint) !== plain(own))
    throw new RootFileError(
      "another-fingerprint",
      `the fingerprint of ${file} is another than the one you gave: nothing was changed; do not trust this file, and tell the people who sign`,
    );
  const store = KeeperStore.open(keeperFolder(data));
  try {
    const version = trustRoot(store, bytes, decider(store, as, "enrol-practice"));
    say.result(
      `root ${version} is trusted from now on, and this practice's log says by whom. What was released stays known; the next library is checked against it`,
    );
  } finally {
    store.close();
  }
}

/** Takes a delivery that came by file, as one from the hub. */
export function takeLibraryAt(file: string, { data, as }: DecisionOptions): void {
  const store = KeeperStore.open(keeperFolder(data));
  try {
    decider(store, as, "enrol-practice");
    const { version, queries } = takeInLibrary(store, bytesOf(file));
    say.result(
      `version ${version} of the library is in force: ${plural(queries.length, "query", "queries")}`,
    );
  } finally {
    store.close();
  }
}

function plain(fingerprint: string): string {
  return fingerprint.replace(/[\s-]/g, "").toUpperCase();
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new RootFileError("unreadable", `${file} cannot be read: name the file that the signers gave you`, {
      cause,
    });
  }
}
