/** The charters of a publication, from its verified targets. */
import { sha256Hex } from "@cairn/query-library";
import { readCharter } from "./charter-bytes.js";
import type { Charter } from "./charter.js";
import { CharterError } from "./errors.js";

/** A charter with the bytes that were signed. */
export interface PublishedCharter {
  readonly charter: Charter;
  readonly digest: string; // hex SHA-256 of the bytes
  readonly bytes: Buffer;
}

/** The target of a charter: the file's name says nothing, the charter itself names its group. */
const TARGET = /^charters\/[^/]+\.json$/;

/**
 * The charters among a publication's targets, by group.
 * @throws CharterError charter-malformed where one cannot be read, and where two are of one group
 */
export function publishedCharters(targets: ReadonlyMap<string, Uint8Array>): Map<string, PublishedCharter> {
  const charters = new Map<string, PublishedCharter>();
  const files = new Map<string, string>();
  for (const [name, content] of targets) {
    if (!TARGET.test(name)) continue;
    const bytes = Buffer.from(content);
    const charter = readNamed(name, bytes);
    const { group } = charter;
    if (charters.has(group))
      throw new CharterError(
        "charter-malformed",
        `${files.get(group)} and ${name} are both charters of ${group}: a publication holds one of each group`,
      );
    charters.set(group, { charter, digest: sha256Hex(bytes), bytes });
    files.set(group, name);
  }
  return charters;
}

function readNamed(name: string, bytes: Buffer): Charter {
  try {
    return readCharter(bytes);
  } catch (error) {
    if (!(error instanceof CharterError)) throw error;
    throw new CharterError("charter-malformed", `${name}: ${error.message}`, { cause: error });
  }
}
