/**
 * A witness's folder:
 *
 *   witness.key    signs (Ed25519)
 *   witness.json   its name; of each log the key, and the checkpoint that it signed last
 *   evidence/      checkpoints that do not extend that one, each in a file with both
 *   lock.db        held by the process that signs
 */
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPolicy, readVkey, vkeyOf, type NoteKey, type WitnessRequest } from "@cairn/audit-log";
import { writeWhole } from "@cairn/files";
import { holdLock } from "@cairn/sqlite";
import { WitnessError } from "./errors.js";

/** A log that the witness was told of. */
export interface SignedLog {
  readonly vkey: string;
  /** The checkpoint that was signed last, as the log showed it; null before the first time. */
  readonly note: string | null;
}

interface WitnessFile {
  readonly name: string;
  readonly logs: readonly SignedLog[];
}

const [STATE, KEY] = ["witness.json", "witness.key"];

/** Makes a witness's folder and its key. @returns the key as a policy is given it. @throws WitnessError exists, disk-full */
export function initWitness(dir: string, name: string, vkeys: readonly string[]): string {
  if (existsSync(join(dir, STATE)))
    throw new WitnessError("exists", `${dir} already holds a witness: choose another folder (--dir)`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!existsSync(join(dir, KEY))) {
    const { privateKey } = generateKeyPairSync("ed25519");
    write(join(dir, KEY), privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  }
  const key = { name, key: createPrivateKey(readFileSync(join(dir, KEY))) };
  const vkey = vkeyOf(key, "witness");
  if (!readVkey(vkey, "witness"))
    throw new WitnessError(
      "key-wrong",
      `${JSON.stringify(name)} cannot be a witness's name: it has a blank or a +`,
    );
  writeState(dir, { name, logs: vkeys.map((each) => ({ vkey: each, note: null })) });
  return vkey;
}

/** The logs of a policy's text, as keys. @throws WitnessError key-wrong */
export function logsOfPolicy(text: string): string[] {
  const read = readPolicy(text);
  if (!read.ok) throw new WitnessError("key-wrong", `the policy cannot be read: ${read.problem}`);
  if (read.policy.logs.length === 0)
    throw new WitnessError("key-wrong", "the policy names no log: give the hub's key instead (--hub-key)");
  return read.policy.logs.map((log) => vkeyOf(log, "log"));
}

/** A witness that signs: nobody else does with this folder until it is closed. */
export class WitnessFolder {
  readonly #dir: string;
  readonly #lock: { close(): unknown };
  readonly key: NoteKey;

  /** @throws WitnessError no-witness, running, witness-unreadable */
  constructor(dir: string) {
    this.#dir = dir;
    if (!existsSync(join(dir, STATE)))
      throw new WitnessError("no-witness", `${dir} holds no witness: make one with cairn witness init`);
    const lock = holdLock(join(dir, "lock.db"));
    if (!lock)
      throw new WitnessError(
        "running",
        `the witness of ${dir} runs already: stop that one first, or leave it to run`,
      );
    this.#lock = lock;
    try {
      this.key = { name: this.#state().name, key: this.#privateKey() };
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  get logs(): readonly SignedLog[] {
    return this.#state().logs;
  }

  /** Records a checkpoint as signed. On the disk when this returns, so before anybody is given the signature. */
  record({ vkey }: SignedLog, note: string): void {
    const state = this.#state();
    const logs = state.logs.map((log) => (log.vkey === vkey ? { vkey, note } : log));
    writeState(this.#dir, { ...state, logs });
  }

  /** Keeps a checkpoint that does not extend the one signed last, with that one. @returns the file */
  keepEvidence(last: string, { old, note, proof }: WitnessRequest): string {
    const dir = join(this.#dir, "evidence");
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const name = createHash("sha256")
      .update(note.slice(0, note.indexOf("\n\n")))
      .digest("hex")
      .slice(0, 16);
    const path = join(dir, `${name}.json`);
    const hashes = proof.map((hash) => hash.toString("base64"));
    if (!existsSync(path))
      write(path, `${JSON.stringify({ signed: last, shown: note, old, proof: hashes }, null, 2)}\n`);
    return path;
  }

  close(): void {
    this.#lock.close();
  }

  /** @throws WitnessError witness-unreadable */
  #state(): WitnessFile {
    const path = join(this.#dir, STATE);
    const text = readFileSync(path, "utf8");
    try {
      const said = JSON.parse(text) as unknown;
      if (isState(said)) return said;
    } catch (cause) {
      throw unreadable(path, cause);
    }
    throw unreadable(path);
  }

  /** @throws WitnessError witness-unreadable */
  #privateKey(): KeyObject {
    const path = join(this.#dir, KEY);
    const pem = readFileSync(path);
    try {
      return createPrivateKey(pem);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }
}

function isState(said: unknown): said is WitnessFile {
  if (typeof said !== "object" || said === null) return false;
  const { name, logs } = said as Partial<Record<keyof WitnessFile, unknown>>;
  return typeof name === "string" && Array.isArray(logs) && logs.every(isSignedLog);
}

function isSignedLog(said: unknown): said is SignedLog {
  if (typeof said !== "object" || said === null) return false;
  const { vkey, note } = said as Partial<Record<keyof SignedLog, unknown>>;
  return typeof vkey === "string" && (note === null || typeof note === "string");
}

function unreadable(path: string, cause?: unknown): WitnessError {
  return new WitnessError(
    "witness-unreadable",
    `${path} is not as a witness wrote it, and nothing is signed: put this folder back from its newest copy, or make another witness (cairn witness init --dir OTHER) and have its key put into the policy`,
    { cause },
  );
}

function writeState(dir: string, state: WitnessFile): void {
  write(join(dir, STATE), `${JSON.stringify(state, null, 2)}\n`);
}

function write(path: string, text: string): void {
  writeWhole(path, text, { diskFull: (words, cause) => new WitnessError("disk-full", words, { cause }) });
}
