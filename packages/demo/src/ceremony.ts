/** The people who sign a demo's library. They do what the commands of `cairn library` do, in this process. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onlineKey, publishLibrary, type Hub } from "@cairn/hub";
import { LIBRARY_LOCATION } from "@cairn/library";
import { readLibraryFolder } from "@cairn/query-library/folder";
import {
  addToNext,
  changes,
  exportDelivery,
  initWorkspace,
  openKey,
  readPub,
  readyToPublish,
  signNext,
  takePublished,
  writeNewKey,
} from "@cairn/signed-library/signing";

const CLINICAL = "Dr Isla Invented";
const GOVERNANCE = "Finn Invented";
const PEOPLE = [
  [CLINICAL, "clinical"],
  [GOVERNANCE, "governance"],
  ["Skye Invented", "root"],
] as const;
const PASSPHRASE = "invented people only";
const WORK_FACTOR = 2; // a key of nobody is opened at once

/** What is signed with the queries, where there is any. */
interface Beside {
  readonly policy?: string; // who has to countersign the hub's log
  readonly charters?: ReadonlyMap<string, string>; // by group
}

export class Signers {
  /** The folder that the signers share. */
  readonly library: string;
  readonly #keys: string;

  constructor(folder: string) {
    this.library = join(folder, "library");
    this.#keys = join(folder, "keys");
  }

  /**
   * Makes three people's keys and a library under them, and publishes it at the hub.
   * @param queries null for those that come with Cairn
   * @param beside what is signed with them
   */
  async first(hub: Hub, queries: string | null, beside: Beside = {}): Promise<void> {
    for (const [name, kind] of PEOPLE) await writeNewKey(this.#keys, name, kind, PASSPHRASE, WORK_FACTOR);
    const [clinical, governance, third] = PEOPLE.map(([name]) => readPub(join(this.#keys, `${name}.pub`)));
    const signers = [clinical!, governance!];
    initWorkspace(
      this.library,
      { root: [...signers, third!], targets: signers, online: onlineKey(hub) },
      Date.now(),
    );
    await this.sign(queries, beside);
    await this.publish(hub);
  }

  /** Adds a folder of queries and what is beside them, and signs what is new with both keys. */
  async sign(queries: string | null, beside: Beside = {}): Promise<void> {
    const files = readLibraryFolder(queries ?? fileURLToPath(LIBRARY_LOCATION));
    addToNext(this.library, { files, ...beside }, Date.now());
    const { digest } = changes(this.library, Date.now());
    for (const name of [CLINICAL, GOVERNANCE]) {
      const file = join(this.#keys, `${name}.key`);
      const key = await openKey(file, PASSPHRASE, readPub(file.replace(/key$/, "pub")));
      signNext(this.library, key, Date.now(), digest);
    }
  }

  /** Publishes what is signed at the hub. */
  async publish(hub: Hub): Promise<void> {
    const ready = readyToPublish(this.library);
    if (!("files" in ready)) throw new RangeError("two keys signed, and signatures are missing");
    const { files: stated } = await publishLibrary(hub, ready.files);
    takePublished(this.library, stated);
  }

  /** What is published, as a file that is carried to a practice. */
  delivery(): Buffer {
    return exportDelivery(this.library);
  }
}
