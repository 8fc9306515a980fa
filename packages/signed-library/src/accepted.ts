/** What bodies accept in a signers' folder, and what would change of it. */
import type { Query } from "@cairn/query-library";
import { readAcceptances, type Acceptance } from "./acceptances.js";
import { inForce, nameOf } from "./content-next.js";
import { acceptancesPath } from "./delegation.js";
import { bytesOf, targetsOf, type LibraryFolder } from "./folder.js";
import { LibraryError } from "./library-error.js";

/** A query version that a body accepts, or accepts no more, once what waits is published. */
export interface AcceptanceChange {
  readonly body: string;
  readonly name: string; // name@version
  readonly is: "accepted" | "no-more";
  readonly title: string | null; // null where the version is not in force any more
  readonly question: string | null;
}

/** The query versions that a body's role accepts, as published or as it waits. @throws LibraryRefusal */
export function acceptedBy(
  folder: LibraryFolder,
  role: string,
  side: "published" | "next",
): readonly Acceptance[] {
  const bytes = bytesOf(folder, folder[side].bodies.get(role) ?? null).get(acceptancesPath(bodyNamed(role)));
  return bytes ? readAcceptances(bytes) : [];
}

/** The changes of each body whose acceptances wait. @throws LibraryError folder-wrong where one is of no query in the library */
export function acceptanceChanges(folder: LibraryFolder): AcceptanceChange[] {
  const queries = inForce(bytesOf(folder, targetsOf(folder)).get("library.json"));
  return [...folder.next.bodies.keys()].flatMap((role) => {
    const [before, after] = [acceptedBy(folder, role, "published"), acceptedBy(folder, role, "next")];
    const odd = after.find((one) => queries.get(nameOf(one))?.query.digest !== one.digest);
    if (odd)
      throw new LibraryError(
        "folder-wrong",
        `${folder.path}/next accepts ${nameOf(odd)}, which is not in the library so: do not sign it, ask who made it, and give cairn library accept again`,
      );
    const words = (one: Acceptance, is: AcceptanceChange["is"]): AcceptanceChange => {
      const { title = null, question = null } = queries.get(nameOf(one))?.query ?? {};
      return { body: bodyNamed(role), name: nameOf(one), is, title, question };
    };
    return [
      ...without(after, before).map((one) => words(one, "accepted")),
      ...without(before, after).map((one) => words(one, "no-more")),
    ];
  });
}

/** The queries that a body's role newly accepts. */
export function newlyAccepted(folder: LibraryFolder, role: string): Query[] {
  const queries = inForce(bytesOf(folder, targetsOf(folder)).get("library.json"));
  const fresh = without(acceptedBy(folder, role, "next"), acceptedBy(folder, role, "published"));
  return fresh.flatMap((one) => queries.get(nameOf(one))?.query ?? []);
}

function without(some: readonly Acceptance[], others: readonly Acceptance[]): Acceptance[] {
  return some.filter(({ digest }) => !others.some((other) => other.digest === digest));
}

function bodyNamed(role: string): string {
  return role.replace(/^acceptances-/, "");
}
