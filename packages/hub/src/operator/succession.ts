/** Changes of the hub's authority: another issuer, the next root beside the present one, and the end of the older. */
import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, realpathSync, rmSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { hubLog, joinNames, type EntryFacts, type HubKind } from "@cairn/ledger";
import { requirePerson, systemUser } from "../enrolment/names.js";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import { writeSafely } from "../store/files.js";
import { authorityPath, type AuthorityFile, type Root } from "../keys/authority.js";
import {
  certifyIssuer,
  CLIENT_DAYS,
  DAY_MS,
  makeIssuer,
  makeRoot,
  stateOfRoot,
  type CertifiedKey,
} from "../keys/certificates.js";
import { leftOutWithout } from "./successor-known.js";

/**
 * Makes another issuer and lets it sign at once. What the one before has signed counts for as long as agents'
 * certificates last, where that one's key is in nobody else's hands.
 * @param rootKeys PEM, of each root in force.
 * @param isStolen whether the certificates of the one before end now; agents then renew by their own keys.
 * @throws HubError root-key-wrong, disk-full, name-wrong
 */
export async function replaceIssuer(
  hub: Hub,
  { rootKeys, isStolen, by = systemUser() }: { rootKeys: readonly string[]; isStolen: boolean; by?: string },
): Promise<void> {
  requirePerson(by);
  const now = hub.settings.now();
  const { roots, issuers } = hub.authority.file;
  const [first, ...others] = hub.authority.inForce.map((root) => withKey(root, rootKeys));
  const issuer = await makeIssuer(first as CertifiedKey, hub.files.origin, now, issuers.length + 1);
  const certificates = [issuer.certificate];
  for (const root of others) certificates.push(await certifyIssuer(root, issuer.certificate, now));
  const until = isStolen ? now : now + CLIENT_DAYS * DAY_MS;
  const before = issuers.map((one) => ({
    ...one,
    key: null,
    until: isStolen ? Math.min(one.until ?? until, now) : (one.until ?? until),
  }));
  const next = { roots, issuers: [...before, { certificates, key: issuer.key, until: null }] };
  await keep(hub, next, hubLog.hubIssuerReplaced, {
    ...{ certificate: digestOf(issuer.certificate), stolen: isStolen, by },
  });
}

/**
 * Makes the next root beside the present one, which states that it is the next: agents learn of it as they renew, and
 * come in by the present one until that is dropped.
 * @param rootKeys PEM, with that of the present root.
 * @param out where the new root's key is written; outside of the hub's folder.
 * @throws HubError root-key-wrong, root-waits, key-place, exists, disk-full, name-wrong
 */
export async function addRoot(
  hub: Hub,
  { rootKeys, out, by = systemUser() }: { rootKeys: readonly string[]; out: string; by?: string },
): Promise<void> {
  requirePerson(by);
  const now = hub.settings.now();
  const { roots, issuers } = hub.authority.file;
  const [present, another] = hub.authority.inForce;
  if (another)
    throw new HubError("root-waits", "there are two roots already: drop the older first (cairn hub ca drop)");
  requireOutside(hub.files.folder, out);
  if (existsSync(out)) throw new HubError("exists", `${out} is there already: name a new file (--out)`);
  const signer = withKey(present as Root, rootKeys);
  const root = await makeRoot(hub.files.origin, now, roots.length + 1);
  const statement = await stateOfRoot(signer, "next-root", root.certificate, now);
  const signing = issuers.at(-1) as AuthorityFile["issuers"][number];
  const below = await certifyIssuer(root, hub.authority.issuer.certificate, now);
  writeSafely(out, root.key); // before it is needed: a root without its key is the last that a hub has
  const next = {
    roots: [...roots, { certificate: root.certificate, statement, dropped: null }],
    issuers: [...issuers.slice(0, -1), { ...signing, certificates: [...signing.certificates, below] }],
  };
  await keep(hub, next, hubLog.hubRootAdded, { certificate: digestOf(root.certificate), by });
}

/**
 * Drops the older of two roots: agents come in by the newer alone, which states to them that the older has ended.
 * @param rootKeys PEM, with that of the newer root: no agent forgets a root at the hub's word.
 * @param mayLeaveOut whether those that do not know the newer may be left out.
 * @returns who is left out, by name
 * @throws HubError no-next-root, left-out, root-key-wrong, disk-full, name-wrong
 */
export async function dropRoot(
  hub: Hub,
  {
    rootKeys,
    mayLeaveOut,
    by = systemUser(),
  }: { rootKeys: readonly string[]; mayLeaveOut: boolean; by?: string },
): Promise<string[]> {
  requirePerson(by);
  const { roots, issuers } = hub.authority.file;
  const older = roots.at(-2);
  if (!older || older.dropped !== null)
    throw new HubError(
      "no-next-root",
      "there is one root alone: make the next one first (cairn hub ca next --root)",
    );
  const leftOut = await leftOutWithout(hub);
  if (leftOut.length > 0 && !mayLeaveOut)
    throw new HubError(
      "left-out",
      `${joinNames(leftOut)} would be left out, and need a new join code: wait until each has renewed its certificate, or say --leave-out`,
    );
  const now = hub.settings.now();
  const newer = withKey(roots.at(-1) as Root, rootKeys);
  const dropped = { at: now, statement: await stateOfRoot(newer, "ended-root", older.certificate, now) };
  const next = {
    roots: roots.map((root) => (root === older ? { ...root, dropped } : root)),
    issuers,
  };
  const facts = { certificate: digestOf(older.certificate), left_out: leftOut.length, by };
  await keep(hub, next, hubLog.hubRootDropped, facts);
  return leftOut;
}

/** Notes a change in the hub's log, then makes it: none is made that the log does not tell of. */
async function keep<K extends HubKind>(
  hub: Hub,
  next: AuthorityFile,
  kind: K,
  facts: EntryFacts<K>,
): Promise<void> {
  await hub.store.unheard(async ({ note }) => void note(kind, facts));
  const { folder } = hub.files;
  writeSafely(authorityPath(folder), `${JSON.stringify(next, null, 2)}\n`);
  for (const name of ["root.crt", "issuer.crt", "issuer.key"])
    rmSync(join(folder, "keys", name), { force: true });
  hub.authority.refresh();
}

/** Checks where a root's key is to be written. @throws HubError key-place */
function requireOutside(hubFolder: string, out: string): void {
  const into = dirname(resolve(out));
  if (!existsSync(into))
    throw new HubError(
      "key-place",
      `${into} is not there: make the folder first, or name another file (--out)`,
    );
  const way = relative(realpathSync(hubFolder), realpathSync(into));
  if (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way))
    throw new HubError(
      "key-place",
      `${out} is in the hub's folder, where each backup takes it: name a file elsewhere (--out)`,
    );
}

/** A root with its key. @throws HubError root-key-wrong */
function withKey({ certificate }: Root, keys: readonly string[]): CertifiedKey {
  const parsed = new X509Certificate(certificate);
  const key = keys.find((pem) => parsed.checkPrivateKey(readKey(pem)));
  if (key !== undefined) return { certificate, key };
  const name = parsed.subject.replace(/^CN=/, "");
  throw new HubError(
    "root-key-wrong",
    `the key of ${name} is needed, and was not given: name its file (--root-key FILE)`,
  );
}

function readKey(pem: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new HubError("root-key-wrong", "--root-key is no private key in PEM without a passphrase", {
      cause,
    });
  }
}

function digestOf(pem: string): string {
  return createHash("sha256").update(new X509Certificate(pem).raw).digest("hex");
}
