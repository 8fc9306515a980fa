/** The OpenID Connect provider with which people sign in: which it is, as the hub's database keeps it. */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { hubLog } from "@cairn/ledger";
import { HubError } from "../errors.js";
import { requireName, requirePerson, systemUser } from "../enrolment/names.js";
import type { Hub } from "../hub.js";
import type { ProviderRow } from "../store/tables.js";

/** How the hub signs for itself, with the key that it takes. */
export const SIGNING = {
  RS256: { key: "rsa", name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  RS512: { key: "rsa", name: "RSASSA-PKCS1-v1_5", hash: "SHA-512" },
  PS256: { key: "rsa", name: "RSA-PSS", hash: "SHA-256" },
  ES256: { key: "ec", name: "ECDSA", namedCurve: "P-256" },
} as const;
type SigningKind = keyof typeof SIGNING;

export interface NewProvider {
  readonly issuer: string; // https://...
  readonly name: string;
  readonly clientId: string;
  readonly clientKey: string; // private key, PEM
  readonly keyId: string | null;
  readonly algorithm: string | null; // by the key where null
  readonly pages: string; // http(s)://host[:port]
}

/** The path on the hub's pages to which a provider sends people back. */
export const BACK = "/sign-in/elsewhere/back";

/**
 * Sets the provider with which people sign in, in the place of any before.
 * @returns the address to give to the provider, to which it sends people back
 * @throws HubError provider-wrong, name-wrong
 */
export async function setProvider(hub: Hub, wanted: NewProvider, by = systemUser()): Promise<string> {
  requirePerson(by);
  requireName("person", wanted.name);
  const issuer = requireAddress("--issuer", wanted.issuer).href.replace(/\/$/, "");
  const pages = requireAddress("--pages", wanted.pages).origin;
  const { pem, algorithm } = requireKey(wanted);
  const row: ProviderRow = {
    ...{ id: 1, issuer, name: wanted.name, client_id: wanted.clientId },
    ...{ client_key: pem, key_id: wanted.keyId, algorithm, pages },
  };
  await hub.store.unheard(async ({ tx, note }) => {
    await tx.deleteFrom("openid_provider").execute();
    await tx.insertInto("openid_provider").values(row).execute();
    note(hubLog.providerSet, { issuer, client: wanted.clientId, by });
  });
  return pages + BACK;
}

export async function providerOf({ store: { db } }: Hub): Promise<ProviderRow | null> {
  return (await db.selectFrom("openid_provider").selectAll().executeTakeFirst()) ?? null;
}

/** Is it on this machine, where nobody listens in? */
export function isOnThisMachine({ hostname }: URL): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

/** @throws HubError provider-wrong where it is no address, or would go in clear over a network */
function requireAddress(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && (url.protocol === "https:" || (url.protocol === "http:" && isOnThisMachine(url)))) return url;
  throw new HubError("provider-wrong", `${option} is no address that begins with https://`);
}

/** @throws HubError provider-wrong */
function requireKey({ clientKey, algorithm }: NewProvider): { pem: string; algorithm: SigningKind } {
  const key = privateKeyIn(clientKey);
  const chosen = algorithm ?? (key.asymmetricKeyType === "ec" ? "ES256" : "RS256");
  if (!Object.hasOwn(SIGNING, chosen) || SIGNING[chosen as SigningKind].key !== key.asymmetricKeyType)
    throw new HubError(
      "provider-wrong",
      `--key is no key for ${chosen}: an RSA key signs RS256, RS512 or PS256, a P-256 key ES256`,
    );
  return {
    pem: key.export({ type: "pkcs8", format: "pem" }).toString(),
    algorithm: chosen as SigningKind,
  };
}

/** @throws HubError provider-wrong */
function privateKeyIn(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new HubError("provider-wrong", "--key is no private key in PEM without a passphrase", { cause });
  }
}
