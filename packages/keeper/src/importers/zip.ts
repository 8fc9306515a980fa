/** Extracts in a .zip, read where they lie: nothing is unpacked to disk, and no entry may climb out of its folder. */
import type { Readable } from "node:stream";
import { type Entry, open, type ZipFile } from "yauzl";
import { ImportError } from "./errors.js";
import type { SourceFile } from "./source-file.js";

/** The files inside, by the names they have there. Throws `ImportError` where it is no sound .zip. */
export async function filesInZip(zip: SourceFile): Promise<SourceFile[]> {
  const entries = await withZip(zip, entriesOf);
  const files = entries.filter(
    (entry) => !entry.fileName.endsWith("/") && !entry.fileName.startsWith("__MACOSX/"),
  );
  return files.map((entry) => ({
    path: zip.path,
    entry: entry.fileName,
    shown: `${zip.shown}/${entry.fileName}`,
    name: entry.fileName.split("/").at(-1)!.toLowerCase().replace(/\.gz$/, ""),
    size: entry.compressedSize,
  }));
}

/** The unpacked bytes of one file inside. */
export async function openInZip(file: SourceFile): Promise<Readable> {
  return withZip(file, async (zip) => {
    const entry = (await entriesOf(zip)).find((each) => each.fileName === file.entry);
    if (entry === undefined) throw new Error("the entry is gone");
    return new Promise<Readable>((resolve, reject) => {
      zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
    });
  });
}

async function withZip<T>(file: SourceFile, work: (zip: ZipFile) => Promise<T>): Promise<T> {
  try {
    const zip = await new Promise<ZipFile>((resolve, reject) => {
      open(file.path, { lazyEntries: true, autoClose: false }, (error, opened) =>
        error ? reject(error) : resolve(opened),
      );
    });
    try {
      return await work(zip);
    } finally {
      zip.close(); // once the stream that was opened from it has ended
    }
  } catch (cause) {
    const climbs =
      cause instanceof Error &&
      /^(invalid relative path|absolute path|invalid characters)/.test(cause.message);
    const what = climbs
      ? "holds an entry that climbs out of its folder, and was not read"
      : "is not a sound .zip file; copy it again";
    throw new ImportError("unreadable", `${file.shown}: ${what}`, cause);
  }
}

/** yauzl refuses, by itself, names that are absolute or climb with `..`. */
function entriesOf(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on("entry", (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on("end", () => resolve(entries));
    zip.on("error", reject);
    zip.readEntry();
  });
}
