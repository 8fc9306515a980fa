/** A person's key as two files: NAME.key, which its passphrase opens, and NAME.pub, which others are given. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "@cairn/files";
import { lockKey, unlockKey } from "./key-files.js";
import {
  newKey,
  publicKeyText,
  readPublicKey,
  type PublicKey,
  type SignerKind,
  type SigningKey,
} from "./keys.js";
import { LibraryError } from "./library-error.js";

const LEAST = 12;

/** Where a person's key was written. */
interface KeyFiles {
  readonly key: string;
  readonly pub: string;
}

/**
 * Makes a key and writes both its files, readable by their owner only.
 * @param workFactor log2 of the scrypt rounds.
 * @throws LibraryError name-wrong, key-wrong where there is one, passphrase-wrong, disk-full
 */
export async function writeNewKey(
  folder: string,
  name: string,
  kind: SignerKind,
  passphrase: string,
  workFactor?: number,
): Promise<KeyFiles> {
  const made = newKey(name, kind);
  const written = { key: join(folder, `${name}.key`), pub: join(folder, `${name}.pub`) };
  if (existsSync(written.key) || existsSync(written.pub))
    throw new LibraryError(
      "key-wrong",
      `${written.key} is there already, and is not overwritten: give another folder`,
    );
  if (passphrase.length < LEAST)
    throw new LibraryError(
      "passphrase-wrong",
      `a passphrase has at least ${LEAST} characters: take four words of your own`,
    );
  const locked = await lockKey(made, passphrase, workFactor);
  mkdirSync(folder, { recursive: true });
  const diskFull = (words: string, cause: unknown): Error => new LibraryError("disk-full", words, { cause });
  writeWhole(written.key, locked, { diskFull });
  writeWhole(written.pub, publicKeyText(made.publicKey), { diskFull });
  return written;
}

/** Reads a `.pub` file. @throws LibraryError key-wrong */
export function readPub(file: string): PublicKey {
  return readPublicKey(readText(file), file);
}

/** The public half of a `.key` file: it stands beside it, or in the library's `keys`. @throws LibraryError key-wrong */
export function pubOf(keyFile: string, library: string): PublicKey {
  const beside = keyFile.replace(/\.key$/, ".pub");
  const ours = join(library, "keys", beside.replace(/^.*[\\/]/, ""));
  return readPub(beside !== keyFile && existsSync(beside) ? beside : ours);
}

/** Opens a `.key` file. @throws LibraryError key-wrong, passphrase-wrong */
export async function openKey(keyFile: string, passphrase: string, pub: PublicKey): Promise<SigningKey> {
  return unlockKey(readText(keyFile), passphrase, pub);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new LibraryError("key-wrong", `${file} cannot be read: give the path of a key's file`, { cause });
  }
}
