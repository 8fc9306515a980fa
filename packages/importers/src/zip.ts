/** Reads extracts in a .zip without unpacking them to disk. No entry may climb out of its folder. */
import type { Readable } from "node:stream";
import { type Entry, open, type ZipFile } from "yauzl";
import { ImportError } from "./errors.js";
import { nameOf, type SourceFile } from "./source-file.js";

/** Most entries of a .zip. One bundle a patient makes some ten thousand. */
const MOST_ENTRIES = 60_000;

/** Lists the files inside, by the names they have there. @throws ImportError where it is no sound .zip */
export async function filesInZip(zip: SourceFile): Promise<SourceFile[]> {
  const entries = await withZip(zip, (opened) => entriesOf(opened, zip.shown));
  const files = entries.filter(
    (entry) => !entry.fileName.endsWith("/") && !entry.fileName.startsWith("__MACOSX/"),
  );
  for (const entry of files) requireReadable(entry, `${zip.shown}/${entry.fileName}`);
  return files.map((entry) => ({
    path: zip.path,
    entry,
    shown: `${zip.shown}/${entry.fileName}`,
    name: nameOf(entry.fileName),
    size: entry.compressedSize,
  }));
}

/** Compression methods of APPNOTE.TXT, 4.4.5, that occur in practice; 0 and 8 are read. */
const METHODS: Readonly<Record<number, string>> = {
  1: "shrunk",
  6: "imploded",
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  93: "Zstandard",
  95: "XZ",
  98: "PPMd",
};

function requireReadable(entry: Entry, shown: string): void {
  if (entry.fileName.toLowerCase().endsWith(".zip")) {
    const words = `${shown}: is a .zip inside a .zip; unpack the outer one and name the folder`;
    throw new ImportError("unreadable", words);
  }
  const method = entry.compressionMethod;
  if (method === 0 || method === 8) return;
  const name = METHODS[method] ?? `method ${method}`;
  const words = `${shown}: is compressed in a way that Cairn cannot read (${name}); unpack it and name the folder, or zip it again with the method Deflate (zip -r, or 7z a -tzip -mm=Deflate)`;
  throw new ImportError("unreadable", words);
}

/** The unpacked bytes of one file inside. */
export async function openInZip(file: SourceFile, entry: Entry): Promise<Readable> {
  return withZip(
    file,
    (zip) =>
      new Promise<Readable>((resolve, reject) => {
        zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
      }),
  );
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
    if (cause instanceof ImportError) throw cause;
    throw new ImportError("unreadable", `${file.shown}: ${whatIsWrong(cause)}`, { cause });
  }
}

function whatIsWrong(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : "";
  if (/^(invalid relative path|absolute path|invalid characters)/.test(said))
    return "holds an entry that climbs out of its folder, and was not read";
  return /encrypted/.test(said)
    ? "is locked with a password; unlock it first"
    : "is not a sound .zip file; copy it again";
}

/** Reads the directory. yauzl refuses, by itself, names that are absolute or climb with `..`. */
async function entriesOf(zip: ZipFile, shown: string): Promise<Entry[]> {
  if (zip.entryCount > MOST_ENTRIES) {
    const words = `${shown}: holds more than ${MOST_ENTRIES} files, and was not read`;
    throw new ImportError("unreadable", words);
  }
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
