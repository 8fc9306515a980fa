/** The decisions of a person who writes in a command what they mean: a query by its name, or else a run by its id's beginning. */
import { KeeperError } from "../errors.js";
import { decider } from "../people/decider.js";
import { findRun, wholeRunName, type Run } from "../runs/run.js";
import type { KeeperStore, Reader } from "../store/store.js";
import { approve, decline } from "./approve.js";
import { keepRelease, approveRelease } from "./held-releases.js";

interface Command {
  /** For which group a query is decided on; null for the one that waits, or for all. */
  readonly group: string | null;
  /** What the person calls themselves. */
  readonly as: string | undefined;
}

/**
 * Accepts a query, or lets a held release leave.
 * @returns what was done, in words
 * @throws KeeperError as `approve`, `approveRelease` and `decider`
 */
export function approveNamed(store: KeeperStore, written: string, { group, as }: Command): string {
  const meant = whatIsMeant(store, written);
  if (meant.is === "query") return approve(store, meant.name, group, decider(store, as, "decide-queries"));
  approveRelease(store, meant.name, decider(store, as, "decide-releases"));
  return `the release of run ${meant.name} may leave`;
}

/**
 * Declines a query, or keeps a held release here.
 * @returns the query's name, or the run that is kept
 * @throws KeeperError as `decline`, `keepRelease` and `decider`; nothing-waits where a group is named for a run
 */
export function declineNamed(store: KeeperStore, written: string, { group, as }: Command): string | Run {
  const meant = whatIsMeant(store, written);
  if (meant.is === "query") {
    decline(store, meant.name, group, decider(store, as, "decide-queries"));
    return meant.name;
  }
  if (group !== null)
    throw new KeeperError("nothing-waits", "a held release is kept from every group: leave --group out");
  return keepRelease(store, meant.name, decider(store, as, "decide-releases"));
}

/**
 * Finds what a person means by a name. A query that was asked or decided on comes first: whatever a hub calls its runs, none
 * takes its name.
 * @returns a query where there is no such run: queries are declined before any group asks
 * @throws KeeperError run-unknown where several runs begin so
 */
export function whatIsMeant(
  store: Reader,
  written: string,
): { readonly is: "query" | "run"; readonly name: string } {
  if (isKnownQuery(store, written)) return { is: "query", name: written };
  const name = wholeRunName(store, written);
  return { is: findRun(store, name) ? "run" : "query", name };
}

function isKnownQuery(store: Reader, name: string): boolean {
  const found = store.db
    .prepare("SELECT query FROM offered WHERE query = ? UNION SELECT query FROM query_said WHERE query = ?")
    .get(name, name);
  return found !== undefined;
}
