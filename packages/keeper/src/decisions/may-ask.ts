/** H3 for questions on the practice's own screen: which queries may be asked of its records. */
import type { Query } from "@cairn/query-library";
import { libraryReader } from "../trust/library.js";
import type { KeeperStore } from "../store/store.js";
import { libraryRoot, setting } from "../store/settings.js";

/** `sandbox` and `not-enrolled` ask what they like; there is no practice whose patients somebody answers for. */
export type MayAsk =
  | { readonly may: true; readonly because: "signed" | "sandbox" | "not-enrolled" }
  | { readonly may: false; readonly words: string };

/**
 * An enrolled practice asks only what is in the signed library in force, by its digest: the very bytes that two
 * people signed. Whether it was accepted for a group is no matter here, for nothing leaves this machine.
 * @throws WireRefusal where the kept library does not verify any more
 */
export function mayAsk(store: KeeperStore, { query, version, digest }: Query): MayAsk {
  if (setting(store, "author-mode") === "yes") return { may: true, because: "sandbox" };
  if (!libraryRoot(store)) return { may: true, because: "not-enrolled" };
  const library = libraryReader(store)();
  if (library?.find(query, version, Buffer.from(digest, "hex"))) return { may: true, because: "signed" };
  const where = library
    ? `not as it stands here in library version ${library.version}`
    : "in no signed library, for none has come yet";
  return {
    may: false,
    words: `${query}@${version} is ${where}: at an enrolled practice only signed queries run; try others in a folder made with cairn agent init --author-mode`,
  };
}
