/** Where people reach the hub's pages, so that links which other commands print lead there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Hub } from "../hub.js";
import { writeSafely } from "../store/files.js";

const FILE = "pages-at";

/** The address of pages that nobody has served yet: the port that `serve` takes where none is said. */
const USUAL = "http://localhost:8080";

/** Notes where this process serves the pages; on a disk that takes no write the hub is served all the same. */
export function keepPagesAddress({ files, settings }: Hub, address: string): void {
  if (pagesAddress({ files }) === address) return;
  try {
    writeSafely(join(files.folder, FILE), `${address}\n`);
  } catch (error) {
    settings.fault(error, "the address of the pages could not be noted");
  }
}

/** Where the pages are, or were when they were last served: http(s)://host[:port]. */
export function pagesAddress({ files }: Pick<Hub, "files">): string {
  const file = join(files.folder, FILE);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : USUAL;
}
