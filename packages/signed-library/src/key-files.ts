/** The private half of a signing key as a file: encrypted with its owner's passphrase, so that the `age` tool opens it too. */
import { createPrivateKey } from "node:crypto";
import { armor, Decrypter, Encrypter } from "age-encryption";
import { rawHex, type PublicKey, type SigningKey } from "./keys.js";
import { LibraryError } from "./library-error.js";

/**
 * Encrypts the private half with a passphrase, as an armoured age file.
 * @param workFactor log2 of the scrypt rounds.
 */
export async function lockKey(key: SigningKey, passphrase: string, workFactor = 16): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  const pem = key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return armor.encode(await encrypter.encrypt(pem));
}

/**
 * Opens the private half of a key.
 * @param publicKey its public half, which it must fit.
 * @throws LibraryError passphrase-wrong, key-wrong
 */
export async function unlockKey(text: string, passphrase: string, publicKey: PublicKey): Promise<SigningKey> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const pem = await decrypter.decrypt(armored(text), "text").catch((cause: unknown) => {
    const words = `the passphrase does not open the key of ${publicKey.name}: type it again`;
    throw new LibraryError("passphrase-wrong", words, { cause });
  });
  const key = createPrivateKey(pem);
  if (rawHex(key) !== publicKey.public)
    throw new LibraryError("key-wrong", `the key that was opened is not the one of ${publicKey.name}.pub`);
  return { publicKey, privateKey: key };
}

function armored(text: string): Uint8Array {
  try {
    return armor.decode(text);
  } catch (cause) {
    throw new LibraryError("key-wrong", "this is not a key's file (NAME.key), or it is cut off", { cause });
  }
}
