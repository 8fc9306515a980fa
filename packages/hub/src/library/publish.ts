import { hubLog, type Actor } from "@cairn/ledger";
import {
  ContentError,
  isReadable,
  openContent,
  reviewsOf,
  type Query,
  type Reviews,
} from "@cairn/query-library";
import {
  deliveryOf,
  isOfSameTargets,
  LibraryRefusal,
  readRoot,
  rootFingerprint,
  updateLibrary,
  versionOf,
  versionsIn,
  type DeliveredFiles,
  type TrustedFiles,
  type TrustedLibrary,
} from "@cairn/signed-library";
import { requirePerson, systemUser } from "../enrolment/names.js";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import { rootDigest } from "../store/library-root.js";
import type { Change } from "../store/store.js";
import { readOwnPolicy, WITNESS_POLICY } from "../witnesses/policy.js";
import { chartersIn, storeCharters } from "./charters.js";
import { libraryFiles, notPublished, stateNewest, storeFiles } from "./repository.js";

export interface PublishedVersion {
  readonly version: string;
  readonly digest: string; // hex SHA-256 of the content, as releases name it
  readonly queries: readonly string[];
  readonly charters: readonly string[]; // groups
  readonly signers: readonly string[];
  readonly reviews: Reviews; // what somebody should look at: nothing is refused for it
  readonly late: readonly string[]; // bodies whose acceptances have expired
  /** The hub's statements over it, for the signers' own folder. */
  readonly files: DeliveredFiles;
}

/**
 * Publishes what the signers have signed: checks it as every practice will, states that it is the newest, stores and
 * logs it. The same version again (after a change of root, say) is stated anew.
 * @param files roots that are new, `N.targets.json`, roles that it delegates to, and targets, by the names of a delivery.
 * @param by the person.
 * @param newRoot fingerprint of a root that takes the place of the one trusted so far without being signed by it, since
 * two of its keys are lost; null where the root goes on. Practices follow it only once a person at each says so.
 * @throws HubError library-wrong, policy-wrong, name-wrong
 */
export async function publishLibrary(
  hub: Hub,
  files: DeliveredFiles,
  by = systemUser(),
  newRoot: string | null = null,
): Promise<PublishedVersion> {
  requirePerson(by);
  const now = hub.settings.now();
  return hub.store.change(async (change) => {
    const before = await libraryFiles(change.tx);
    if (newRoot !== null) await replaceRoot(change, before, files, newRoot, by);
    const all = withStatements(hub, files, before);
    const library = checked(before, all, now);
    const { digest, queries } = readable(library);
    const policy = library.targets.get(WITNESS_POLICY);
    if (policy) readOwnPolicy(hub, Buffer.from(policy).toString("utf8"));
    const charters = chartersIn(library.targets);
    const version = String(library.version);
    const content = library.targets.get("library.json")!;
    const known = await change.tx
      .selectFrom("library")
      .select("number")
      .where("version", "=", version)
      .executeTakeFirst();
    if (!known)
      await change.tx
        .insertInto("library")
        .values({ version, number: library.version, content: Buffer.from(content), published_at: now })
        .execute();
    await storeCharters(change, charters, version);
    // Also the metadata of a body that is late: the snapshot names it, and so has every later one.
    const named = [...versionsIn(library.metadata.get("snapshot")!)].map(
      ([role, at]) => `${at}.${role}.json`,
    );
    const kept = [...all].filter(([name]) => isRoot(name) || named.includes(name));
    await storeFiles(change, new Map([...kept, ...deliveryOf(library)]));
    const names = [...new Set(queries.map(({ query }) => query))].sort();
    change.note(hubLog.libraryPublished, {
      version,
      digest,
      queries: names.join(", "),
      signers: library.signers.join(", "),
      root: library.rootVersion,
      by,
    });
    const late = [...library.bodies].flatMap(([body, { lapsed }]) => (lapsed ? [body] : []));
    const reviews = reviewsOf(queries, new Date(now).toISOString().slice(0, 10));
    const stated = new Map([...all].filter(([name]) => name === "timestamp.json" || /snapshot/.test(name)));
    return {
      ...{ version, digest, queries: names, charters: [...charters.keys()].sort() },
      ...{ signers: library.signers, reviews, late, files: stated },
    };
  });
}

/**
 * Ends the trust in every root of before, and logs it; the versions of the hub's own statements go on.
 * @param before without its roots when this returns
 * @throws HubError library-wrong where the files begin with another root, or with one that is published, or none is
 */
async function replaceRoot(
  change: Change,
  before: Map<string, Buffer>,
  files: DeliveredFiles,
  fingerprint: string,
  by: Actor,
): Promise<void> {
  const old = rootsIn(before).at(-1);
  const next = rootsIn(files)[0];
  if (!old) throw new HubError("library-wrong", "no library is published yet: publish without --new-root");
  if (next && rootsIn(before).some((root) => rootDigest(root).equals(rootDigest(next))))
    throw new HubError(
      "library-wrong",
      "this is not published: its root is one that practices trust already, and no other takes its place: publish without --new-root",
    );
  if (!next || rootFingerprint(next) !== fingerprint)
    throw new HubError(
      "library-wrong",
      `this is not published: ${next ? `its root has the fingerprint ${rootFingerprint(next)}` : "it brings no root"}, and --new-root says ${fingerprint}`,
    );
  await change.tx.deleteFrom("library_file").where("role", "=", "root").execute();
  for (const name of before.keys()) if (isRoot(name)) before.delete(name);
  change.note(hubLog.rootReplaced, {
    library_root: rootDigest(next).toString("hex"),
    old_library_root: rootDigest(old).toString("hex"),
    by,
  });
}

/** Advice where what was signed brings a root that the published one did not sign; else empty. */
function otherRootWords(before: DeliveredFiles, all: DeliveredFiles): string {
  const known = new Set(rootsIn(before).map(rootFingerprint));
  const came = rootsIn(all).find((root) => !known.has(rootFingerprint(root)));
  if (known.size === 0 || !came) return "";
  const fingerprint = rootFingerprint(came);
  return `. Its root is not the one that practices trust: if two root keys are lost and this root is to be trusted instead, say --new-root ${fingerprint}, and a person at each practice then has to say so too`;
}

function isRoot(name: string): boolean {
  return /^\d+\.root\.json$/.test(name);
}

/** The roots among files, the oldest first. */
function rootsIn(files: DeliveredFiles): Uint8Array[] {
  const roots = [...files].filter(([name]) => isRoot(name)).map(([, bytes]) => bytes);
  return roots.sort((a, b) => versionOf(a) - versionOf(b));
}

/** The files to deliver: those published, roots of before, and the hub's statements. Targets that stayed are taken from before. */
function withStatements(hub: Hub, files: DeliveredFiles, before: DeliveredFiles): DeliveredFiles {
  const targets = [...files.keys()].some((name) => /^\d+\.targets\.json$/.test(name));
  const kept = [...before].filter(([name]) => {
    if (isRoot(name) || /^(?:.*\/)?[0-9a-f]{64}\./.test(name)) return true;
    return !targets && !/snapshot|timestamp/.test(name);
  });
  const all = new Map<string, Uint8Array>([...kept, ...files]);
  try {
    return new Map([...all, ...stateNewest(hub, all, before)]);
  } catch (error) {
    if (error instanceof LibraryRefusal) throw notPublished(error);
    throw error;
  }
}

/** Checks a publication as a practice does that took the one before. @throws HubError library-wrong */
function checked(before: DeliveredFiles, all: DeliveredFiles, now: number): TrustedLibrary {
  try {
    const library = updateLibrary(trustedBefore(before, all), all, now);
    checkNewer(before, all, library.metadata.get("snapshot")!);
    // A body that is late does not stop the library; anything else about it is a mistake of this publication.
    for (const [body, { lapsed }] of library.bodies)
      if (lapsed && lapsed.code !== "library-expired")
        throw new LibraryRefusal(
          "library-incomplete",
          `what ${body} accepts does not count: ${lapsed.message}`,
        );
    return library;
  } catch (error) {
    if (!(error instanceof LibraryRefusal)) throw error;
    throw notPublished(error, error.code === "library-unsigned" ? otherRootWords(before, all) : "");
  }
}

/**
 * Checks that the library and what each body accepts are as new as what is published, all there, and the same where the
 * version is: what a practice compares, and also under a root that it does not trust yet.
 * @throws LibraryRefusal library-rollback
 */
function checkNewer(before: DeliveredFiles, all: DeliveredFiles, snapshot: Uint8Array): void {
  const [, published] = [...before].find(([name]) => /^\d+\.snapshot\.json$/.test(name)) ?? [];
  const came = versionsIn(snapshot);
  for (const [role, version] of published ? versionsIn(published) : []) {
    const own = came.get(role) ?? 0;
    const file = `${version}.${role}.json`;
    const words = own === 0 ? `lacks ${role}.json` : `has version ${own} of ${role}.json`;
    if (own < version)
      throw new LibraryRefusal(
        "library-rollback",
        `it ${words}, and version ${version} is published, so this folder is older than what is published: bring it up to date and publish again`,
      );
    const old = before.get(file); // of a body that was late, a hub of before kept none
    if (own === version && old && !isOfSameTargets(old, all.get(file)!))
      throw new LibraryRefusal(
        "library-rollback",
        `${file} was published before with another content: bring this folder up to date, and sign what is new as a higher version`,
      );
  }
}

/** What the hub trusts already: the newest root that it published, or the first of the first publication. */
function trustedBefore(before: DeliveredFiles, all: DeliveredFiles): TrustedFiles {
  const root = rootsIn(before).at(-1) ?? rootsIn(all)[0];
  if (!root) throw new LibraryRefusal("library-incomplete", "there is no root: cairn library init makes one");
  readRoot(root);
  return new Map([["root", root]]);
}

/** The queries of a publication, and the digest of what holds them. @throws HubError library-wrong */
function readable({ targets }: TrustedLibrary): { readonly digest: string; readonly queries: Query[] } {
  const content = targets.get("library.json");
  if (!content) throw new HubError("library-wrong", "this is not published: it holds no library.json");
  try {
    const opened = openContent(content);
    const queries = [...opened.queries.values()];
    if (queries.length === 0) throw new HubError("library-wrong", "this is not published: it holds no query");
    const other = queries.find((query) => !isReadable(query));
    if (!other) return { digest: opened.digest, queries };
    const words = `the query ${other.query} has characters that do not print (such as a soft hyphen) in its title, its question, a register or its review: no practice would take this library`;
    throw new HubError("library-wrong", words);
  } catch (error) {
    if (error instanceof ContentError) throw new HubError("library-wrong", error.message, { cause: error });
    throw error;
  }
}
