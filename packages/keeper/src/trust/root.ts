/** Whom the practice trusts to sign the library: the root that enrolment pinned, or a person here said to trust. */
import { createHash } from "node:crypto";
import { practiceLog, type Actor } from "@cairn/ledger";
import { LibraryRefusal, readRoot, type TrustedFiles } from "@cairn/signed-library";
import { KeeperError } from "../errors.js";
import { setSetting, setting } from "../store/settings.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";

/** Metadata that was verified last, by role; empty before enrolment, and where one key alone was trusted. */
export function trustedFiles(store: Reader): TrustedFiles {
  const rows = store.db.prepare<[], { role: string; bytes: Buffer }>("SELECT role, bytes FROM library_trust");
  return new Map(rows.all().map(({ role, bytes }) => [role, bytes]));
}

/** Stores metadata that was verified. */
export function trustFiles(change: Change, files: TrustedFiles): void {
  const put = change.db.prepare(
    "INSERT INTO library_trust (role, bytes) VALUES (?, ?) ON CONFLICT (role) DO UPDATE SET bytes = excluded.bytes",
  );
  for (const [role, bytes] of files) put.run(role, Buffer.from(bytes));
}

/** Whether the practice still trusts the single key of an enrolment made before libraries had several signers. */
export function trustsSingleKey(store: Reader): boolean {
  return setting(store, "library-root") !== null && trustedFiles(store).size === 0;
}

/**
 * Trusts a root, in the place of all that was trusted before. The library in force, its charters and bodies go, until the next
 * delivery; what was accepted and the history of releases stay.
 */
export function pinRoot(change: Change, root: Uint8Array): void {
  change.db.exec("DELETE FROM library_trust; DELETE FROM library; DELETE FROM charter; DELETE FROM body");
  trustFiles(change, new Map([["root", root]]));
  setSetting(change, "library-root", rootDigest(root));
}

/** SHA-256 of a root's bytes in hex, as the log names it. */
export function rootDigest(root: Uint8Array): string {
  return createHash("sha256").update(root).digest("hex");
}

/**
 * Trusts the root that a person gives, whose fingerprint they compared with the signers'.
 * @returns its version.
 * @throws KeeperError not-enrolled, root-wrong, already-trusted
 */
export function trustRoot(store: KeeperStore, bytes: Uint8Array, by: Actor): number {
  const old = setting(store, "library-root");
  if (old === null)
    throw new KeeperError("not-enrolled", "this agent is not enrolled: cairn agent enrol pins a root itself");
  const { version } = checked(bytes);
  const root = rootDigest(bytes);
  const present = trustedFiles(store).get("root");
  if (present && [old, rootDigest(present)].includes(root))
    throw new KeeperError("already-trusted", "this root is trusted already: nothing was changed");
  store.change((change) => {
    pinRoot(change, bytes);
    change.note(practiceLog.rootTrusted, { library_root: root, old_library_root: old, version, by });
  });
  return version;
}

function checked(bytes: Uint8Array): ReturnType<typeof readRoot> {
  try {
    return readRoot(bytes);
  } catch (cause) {
    if (!(cause instanceof LibraryRefusal)) throw cause;
    throw new KeeperError("root-wrong", `this file is not a root that can be trusted: ${cause.message}`, {
      cause,
    });
  }
}
