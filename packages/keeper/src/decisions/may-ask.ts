/** H3 for questions on the practice's own screen: the queries that may be asked of its records. */
import type { Query } from "@cairn/query-library";
import { libraryReader } from "../trust/library.js";
import type { KeeperStore } from "../store/store.js";
import { isEnrolled, setting } from "../store/settings.js";

/**
 * Whether a query may be asked, and why. `sandbox` and `not-enrolled` may ask any: there is no practice whose
 * patients somebody answers for.
 */
export type QuestionVerdict =
  | { readonly may: true; readonly because: "signed" | "sandbox" | "not-enrolled" }
  | { readonly may: false; readonly words: string };

/**
 * Whether a query may be asked. An enrolled practice asks only queries of the signed library in force, by digest: the
 * very bytes that two people signed. Whether one was accepted for a group does not count, for nothing leaves this
 * machine.
 * @throws WireRefusal where the stored library no longer verifies
 */
export function mayAsk(store: KeeperStore, { query, version, digest }: Query): QuestionVerdict {
  if (setting(store, "author-mode") === "yes") return { may: true, because: "sandbox" };
  if (!isEnrolled(store)) return { may: true, because: "not-enrolled" };
  const library = libraryReader(store)();
  if (library?.find(query, version, Buffer.from(digest, "hex"))) return { may: true, because: "signed" };
  const where = library
    ? `not as it stands here in library version ${library.version}`
    : "in no signed library, for none has come yet";
  return {
    may: false,
    words: `${query}@${version} is ${where}: at an enrolled practice only signed queries run; try others in a folder made with cairn agent init --data OTHER --author-mode`,
  };
}

/**
 * Finds the query of the signed library in force that a person means.
 * @param meant a name, for its newest version there, or `name@version`
 * @returns null where the library holds none, and where there is no library
 * @throws WireRefusal where the stored library no longer verifies
 */
export function signedQuery(store: KeeperStore, meant: string): Query | null {
  const [name, version] = meant.split("@");
  const found = (libraryReader(store)()?.queries ?? [])
    .filter((one) => one.query === name && (version === undefined || one.version === version))
    .toSorted((a, b) => b.version.localeCompare(a.version, "en", { numeric: true }));
  return found[0] ?? null;
}
