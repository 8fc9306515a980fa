/** Cases of conformance: each has a repository, and a client that starts with its first root in a folder of its own. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import { LibraryRefusal } from "@cairn/signed-library";
import { download, init, refresh, type Repository } from "./client.js";
import { TufRepository } from "./repository.js";

export const NOW = Date.parse("2025-03-01T00:00:00Z");

export type Case = (t: Test, trial: Trial, repo: TufRepository) => Promise<void>;

export const ONLINE = ["snapshot", "timestamp"];
export const LIBRARY = ["targets", ...ONLINE];

export class Trial {
  readonly repo: TufRepository;
  readonly #metadata: string;
  readonly #targets: string;
  readonly #initial: string;

  /** @param now when the repository signs */
  constructor(folder: string, now = NOW) {
    this.repo = new TufRepository(now);
    this.#metadata = join(folder, "metadata");
    this.#targets = join(folder, "targets");
    this.#initial = join(folder, "initial.json");
  }

  async init(root = this.repo.files.get("1.root.json")!): Promise<number> {
    writeFileSync(this.#initial, root);
    return ended(init(this.#metadata, this.#initial));
  }

  /** @returns 0, or 1 where it is refused; throws what is no refusal */
  async refresh(now = NOW): Promise<number> {
    return ended(refresh(this.#repository(now)));
  }

  async download(name: string, now = NOW): Promise<number> {
    const wanted = { name, baseUrl: "repository:targets", dir: this.#targets };
    return ended(download(this.#repository(now), wanted));
  }

  /** Roles that the client trusts with their versions, by name of their file: "root 1 targets 2". */
  trusted(): string {
    const named = readdirSync(this.#metadata).sort();
    const roles = named.map((file) => `${file.slice(0, -".json".length)} ${this.#read(file).signed.version}`);
    return roles.join(" ");
  }

  version(role: string): number | null {
    const file = `${role}.json`;
    return readdirSync(this.#metadata).includes(file) ? this.#read(file).signed.version : null;
  }

  bytes(role: string): Buffer {
    return readFileSync(join(this.#metadata, `${role}.json`));
  }

  downloads(): string[] {
    try {
      return readdirSync(this.#targets).map((file) => readFileSync(join(this.#targets, file), "utf8"));
    } catch {
      return []; // the folder is made with the first target
    }
  }

  #read(file: string): { signed: { version: number } } {
    return JSON.parse(readFileSync(join(this.#metadata, file), "utf8")) as { signed: { version: number } };
  }

  #repository(now: number): Repository {
    return {
      metadataDir: this.#metadata,
      metadataUrl: "repository:metadata",
      fetch: this.repo.fetch,
      now,
    };
  }
}

async function ended(command: Promise<void>): Promise<number> {
  try {
    await command;
    return 0;
  } catch (error) {
    if (error instanceof LibraryRefusal || /^no role names/.test((error as Error).message)) return 1;
    throw error;
  }
}

/** Checks with what code a command ends. */
export async function codes(t: Test, code: Promise<number>, expected: number): Promise<void> {
  t.equal(await code, expected, `ends with ${expected}`);
}

/** Has a client trust the first root and refresh once. */
export async function started(t: Test, trial: Trial): Promise<void> {
  await codes(t, trial.init(), 0);
  await codes(t, trial.refresh(), 0);
}
