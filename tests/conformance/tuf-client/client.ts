/** A client of any TUF repository over our verification, with the three commands of the public conformance suite. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Update, type UpdateRun } from "@cairn/signed-library";

/** The bytes at a URL; undefined where there is nothing. @throws Error where the server gives no answer to rely on */
export type Fetch = (url: string) => Promise<Uint8Array | undefined>;

export interface Repository {
  /** Folder of trusted metadata, a file for each role. */
  readonly metadataDir: string;
  readonly metadataUrl: string;
  readonly fetch: Fetch;
  readonly now: number; // milliseconds since 1970
}

interface Wanted {
  readonly name: string;
  readonly baseUrl: string;
  readonly dir: string;
}

/** Trusts a root. */
export async function init(metadataDir: string, rootFile: string): Promise<void> {
  await mkdir(metadataDir, { recursive: true });
  await writeFile(join(metadataDir, "root.json"), await readFile(rootFile));
}

/** Brings the trusted metadata up to date. @throws LibraryRefusal */
export async function refresh(repository: Repository): Promise<void> {
  const update = await begun(repository);
  await stepped(repository, update, update.refresh());
}

/** Writes a verified target into its folder; one that is there already is not fetched again. @throws LibraryRefusal */
export async function download(repository: Repository, { name, baseUrl, dir }: Wanted): Promise<void> {
  const update = await begun(repository);
  await stepped(repository, update, update.refresh());
  const info = await stepped(repository, update, update.find(name));
  if (!info) throw new Error(`no role names the target ${name}`);
  const path = join(dir, `target-${encodeURIComponent(name)}`);
  const kept = await readFile(path).catch(() => undefined);
  if (kept && (await isTaken(run(update.target(info), async () => kept)))) return;
  const bytes = await run(update.target(info), (file) => repository.fetch(`${baseUrl}/${escaped(file)}`));
  await mkdir(dir, { recursive: true });
  await writeFile(path, bytes);
}

async function begun({ metadataDir, now }: Repository): Promise<Update> {
  const files = (await readdir(metadataDir)).filter((file) => file.endsWith(".json"));
  const trusted = files.map(
    async (file) =>
      [decodeURIComponent(file.slice(0, -".json".length)), await readFile(join(metadataDir, file))] as const,
  );
  return new Update(new Map(await Promise.all(trusted)), now, "framework");
}

/** Runs steps over fetched metadata, and writes what is trusted before each fetch and at the end, also of a refusal. */
async function stepped<T>(
  { metadataDir, metadataUrl, fetch }: Repository,
  update: Update,
  steps: UpdateRun<T>,
): Promise<T> {
  const written = new Map<string, Uint8Array>();
  const write = async (): Promise<void> => {
    for (const [role, bytes] of update.metadata) {
      if (written.get(role) === bytes) continue;
      await writeFile(join(metadataDir, `${encodeURIComponent(role)}.json`), bytes);
      written.set(role, bytes);
    }
  };
  try {
    return await run(steps, async (file) => {
      await write();
      return fetch(`${metadataUrl}/${file}`);
    });
  } finally {
    await write();
  }
}

async function run<T>(steps: UpdateRun<T>, read: Fetch): Promise<T> {
  let asked = steps.next();
  while (!asked.done) asked = steps.next(await read(asked.value));
  return asked.value;
}

async function isTaken(bytes: Promise<unknown>): Promise<boolean> {
  return bytes.then(
    () => true,
    () => false,
  );
}

function escaped(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
