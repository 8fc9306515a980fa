/** Reads the content of published libraries: the queries by which results are read. */
import { openContent, type Query } from "@cairn/query-library";

export interface PublishedQuery {
  readonly name: string;
  readonly version: string;
  readonly digest: string; // hex
  readonly query: Query;
}

export interface PublishedLibrary {
  readonly digest: string; // hex SHA-256 of the content, as releases and logs name it
  /** The version of each query that new schedules ask. */
  readonly byName: ReadonlyMap<string, PublishedQuery>;
  /** Every version in force. */
  readonly byDigest: ReadonlyMap<string, PublishedQuery>;
}

/** Opens content whose signatures were checked when it was published. @throws ContentError */
export function contentOf(content: Uint8Array): PublishedLibrary {
  const { digest, queries, current } = openContent(content);
  const byDigest = new Map(
    [...queries.values()].map((query) => [
      query.digest,
      { name: query.query, version: query.version, digest: query.digest, query },
    ]),
  );
  return {
    digest,
    byName: new Map([...current].map(([name, its]) => [name, byDigest.get(its)!])),
    byDigest,
  };
}
