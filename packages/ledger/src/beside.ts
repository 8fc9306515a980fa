/**
 * Charters and libraries that stand beside logs, by their digests: which one a log means follows from the digest in its
 * entries, so it does not matter who put it there.
 */
import { createHash } from "node:crypto";
import type { ClaimedExport } from "@cairn/audit-log";
import { CharterError, readCharter, type Charter } from "@cairn/charters";
import { ContentError, openContent, type OpenedLibrary } from "@cairn/query-library";

export class BesideContent {
  readonly charters: ReadonlyMap<string, Charter>; // by digest, hex
  readonly #contents: ReadonlyMap<string, Buffer>;
  readonly #opened = new Map<string, OpenedLibrary | null>();

  constructor(exports: readonly ClaimedExport[]) {
    const charters = bytesBeside(exports, "charter").flatMap(([digest, bytes]) => {
      const charter = charterOf(bytes);
      return charter ? [[digest, charter] as const] : [];
    });
    this.charters = new Map(charters);
    this.#contents = new Map(bytesBeside(exports, "library"));
  }

  /** The library whose content has this digest (hex); null where none is here that can be read. */
  library(digest: string): OpenedLibrary | null {
    const known = this.#opened.get(digest);
    if (known !== undefined) return known;
    const content = this.#contents.get(digest);
    const library = content ? libraryOf(content) : null;
    this.#opened.set(digest, library);
    return library;
  }
}

function bytesBeside(exports: readonly ClaimedExport[], kind: "charter" | "library"): [string, Buffer][] {
  return exports.flatMap(({ beside }) =>
    (beside.get(kind) ?? []).map((line): [string, Buffer] => {
      const bytes = Buffer.from(base64Of(line), "base64");
      return [createHash("sha256").update(bytes).digest("hex"), bytes];
    }),
  );
}

function base64Of(line: unknown): string {
  const text = typeof line === "object" && line !== null && "bytes" in line ? line.bytes : line;
  return typeof text === "string" ? text : "";
}

function charterOf(bytes: Buffer): Charter | null {
  try {
    return readCharter(bytes);
  } catch (error) {
    if (error instanceof CharterError) return null;
    throw error;
  }
}

function libraryOf(content: Buffer): OpenedLibrary | null {
  try {
    return openContent(content);
  } catch (error) {
    if (error instanceof ContentError) return null;
    throw error;
  }
}
