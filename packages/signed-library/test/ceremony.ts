/** A library's folder with the people who sign it, and a stand-in for the hub that publishes it. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  decodeDelivery,
  newKey,
  signOnline,
  updateLibrary,
  type SignerKeys,
  type SigningKey,
  type TrustedFiles,
  type TrustedLibrary,
} from "@cairn/signed-library";
import {
  addToNext,
  exportDelivery,
  initWorkspace,
  publishedRoot,
  readyToPublish,
  signNext,
  takePublished,
} from "@cairn/signed-library/signing";

export const DAY = 86_400_000;
export const NOW = Date.parse("2025-03-01T00:00:00Z");

/** One query over a codelist, with a register where it is asked for. */
export function library(
  version = "1.0.0",
  { age = 18, writtenBy = "Ann Author", register = false } = {},
): Record<string, string> {
  return {
    "smokers.yaml": [
      "query: smokers",
      `version: ${version}`,
      "title: People who smoke",
      "question: How many adults smoke?",
      "purpose: quality improvement",
      `written_by: ${writtenBy}`,
      "direction: none",
      "periods: {every: quarter, count: 4}",
      `codelists: {smoking: smoking@2025-0${version[0]}}`,
      ...(register ? ["facts: {known: {register: smokes@2025-01}}"] : []),
      `denominator: {age: {from: ${age}}}`,
      `numerator: ${register ? "{all: [known, {exists: smoking}]}" : "{exists: smoking}"}`,
    ].join("\n"),
    [`codelists/smoking@2025-0${version[0]}.csv`]: `code,term\n77176002,Smoker\n${version[0] === "2" ? "160603005,Light smoker\n" : ""}`,
    [`codelists/smoking@2025-0${version[0]}.yaml`]: ABOUT,
    ...(register ? { ...REGISTER } : {}),
  };
}

const ABOUT = "system: snomed\nkind: clinical\nsource: invented\nlicence: none\n";
const REGISTER = {
  "codelists/conditions/tobacco@2025-01.csv": "code,term\n110483000,Tobacco user\n",
  "codelists/conditions/tobacco@2025-01.yaml": ABOUT,
  "registers/smokes.yaml": [
    "register: smokes",
    "version: 2025-01",
    "title: People known to smoke",
    "meaning: People with a code of tobacco use.",
    "source: invented",
    "codelists: {tobacco: tobacco@2025-01}",
    "condition: {exists: tobacco}",
  ].join("\n"),
};

export class Ceremony {
  readonly folder = join(mkdtempSync(join(tmpdir(), "cairn-signing-")), "library");
  readonly clinical = newKey("Dr Clara Clinical", "clinical");
  readonly governance = newKey("Gil Governance", "governance");
  readonly third = newKey("Cat Root", "root");
  online = newKey("hub", "online");
  #published = 0;

  get keys(): SignerKeys {
    const signers = [this.clinical.publicKey, this.governance.publicKey];
    return { root: [...signers, this.third.publicKey], targets: signers, online: this.online.publicKey };
  }

  init(now = NOW): this {
    initWorkspace(this.folder, this.keys, now);
    return this;
  }

  /** A library whose first version is published. */
  published(files = library(), now = NOW): this {
    this.init(now);
    addToNext(this.folder, { files }, now);
    this.sign(now);
    this.publish(now);
    return this;
  }

  sign(now = NOW, by: readonly SigningKey[] = [this.clinical, this.governance]): void {
    for (const key of by) signNext(this.folder, key, now);
  }

  /** What the hub does: it signs its statements over what it is handed. */
  publish(now = NOW, online = this.online): void {
    const ready = readyToPublish(this.folder);
    if ("missing" in ready) throw new Error(JSON.stringify(ready.missing));
    this.#published += 1;
    const roles = [...ready.files].flatMap(([name, bytes]) => {
      const [, role] = /^\d+\.(targets|acceptances-[a-z-]+)\.json$/.exec(name) ?? [];
      return role ? [[role, bytes] as const] : [];
    });
    const versions = { snapshot: this.#published, timestamp: this.#published };
    takePublished(this.folder, signOnline(versions, new Map(roles), online, now));
  }

  /** What a practice takes of what is published. */
  taken(now = NOW, before: TrustedFiles = new Map([["root", publishedRoot(this.folder)]])): TrustedLibrary {
    return updateLibrary(before, decodeDelivery(exportDelivery(this.folder)), now);
  }
}
