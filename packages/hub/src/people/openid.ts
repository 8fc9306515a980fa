/** Signing in elsewhere: the code flow with PKCE, the hub known by its own key (OpenID Connect Core 1.0, RFC 7636, RFC 7523). */
import { createPrivateKey, webcrypto } from "node:crypto";
import * as openid from "openid-client";
import { inPlain } from "../enrolment/names.js";
import type { ProviderRow } from "../store/tables.js";
import { BACK, isOnThisMachine, SIGNING } from "./provider.js";

/** The secrets of a sign-in that was begun, with which it has to be finished; kept in the session. */
interface BegunSession {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface ProvenSubject {
  readonly issuer: string;
  readonly subject: string;
}

/** What a provider has proven, with what it calls the account for people. */
interface ProvenAccount extends ProvenSubject {
  /** Of whoever signed in there; the subject where nothing else was asked for or said. */
  readonly name: string;
}

/** The wishes with which the provider is asked. */
interface AskedOfProvider {
  /** To sign in there once more, though somebody is signed in there. */
  readonly again: boolean;
  /** To say what it calls the account: only who binds one has to read it. */
  readonly named: boolean;
}

/** Most characters of the name that are shown. */
const MOST_NAME = 100;
/** Seconds before now in which somebody has to have signed in there, where it has to be again. */
const AGAIN_S = 60;

export class OpenIdProvider {
  readonly #row: ProviderRow;
  #found: Promise<openid.Configuration> | null = null;

  constructor(row: ProviderRow) {
    this.#row = row;
  }

  /** The provider's own words about itself, asked for once. @throws what openid-client throws where it cannot be reached */
  async #configuration(): Promise<openid.Configuration> {
    this.#found ??= this.#discover();
    try {
      return await this.#found;
    } catch (error) {
      this.#found = null;
      throw error;
    }
  }

  async #discover(): Promise<openid.Configuration> {
    const { issuer, client_id: client, key_id: kid } = this.#row;
    const key = await this.#key();
    const execute = [openid.enableNonRepudiationChecks];
    const server = new URL(issuer);
    if (server.protocol === "http:" && isOnThisMachine(server)) execute.push(openid.allowInsecureRequests);
    const auth = openid.PrivateKeyJwt(kid === null ? key : { key, kid });
    return openid.discovery(server, client, {}, auth, { execute });
  }

  async #key(): Promise<webcrypto.CryptoKey> {
    const { client_key: pem, algorithm } = this.#row;
    const bytes = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
    const { key: _key, ...how } = SIGNING[algorithm];
    return webcrypto.subtle.importKey("pkcs8", bytes, how, false, ["sign"]);
  }

  /** Begins a sign-in. */
  async begin({
    again,
    named,
  }: AskedOfProvider): Promise<{ readonly address: URL; readonly begun: BegunSession }> {
    const configuration = await this.#configuration();
    const begun = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    };
    const address = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#row.pages + BACK,
      scope: named ? "openid profile" : "openid",
      ...{ state: begun.state, nonce: begun.nonce },
      code_challenge: await openid.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: "S256",
      ...(again ? { prompt: "login", max_age: String(AGAIN_S) } : {}),
    });
    return { address, begun };
  }

  /**
   * Finishes a sign-in.
   * @param path of the request by which the person came back, with its query.
   * @throws what openid-client throws where anything does not fit: state, issuer, nonce, signature, time
   */
  async finish(
    path: string,
    { state, nonce, verifier }: BegunSession,
    { again, named }: AskedOfProvider,
  ): Promise<ProvenAccount> {
    const configuration = await this.#configuration();
    const tokens = await openid.authorizationCodeGrant(configuration, new URL(path, this.#row.pages), {
      ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
      idTokenExpected: true,
      ...(again ? { maxAge: AGAIN_S } : {}),
    });
    const claims = tokens.claims();
    if (!claims) throw new TypeError("the provider sent no ID token");
    const name = named ? await nameOf(configuration, tokens.access_token, claims) : claims.sub;
    return { issuer: claims.iss, subject: claims.sub, name };
  }
}

/** What a provider calls an account: in the ID token, or at its own address for that; else the subject. */
async function nameOf(
  configuration: openid.Configuration,
  token: string,
  claims: openid.IDToken,
): Promise<string> {
  const said =
    nameIn(claims) ??
    nameIn(await openid.fetchUserInfo(configuration, token, claims.sub).catch(() => ({}))) ??
    claims.sub;
  return inPlain(said).slice(0, MOST_NAME);
}

function nameIn(claims: Readonly<Record<string, unknown>>): string | null {
  const said = [claims["name"], claims["preferred_username"]];
  return said.find((each): each is string => typeof each === "string" && each.trim() !== "") ?? null;
}
