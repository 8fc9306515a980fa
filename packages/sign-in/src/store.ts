/** What sign-in asks of a database: the hub's and the keeper's each answer it. */

/** An account, as sign-in reads it. P is the person whose it is. */
export interface Account<P> {
  readonly id: number;
  readonly person: P;
  readonly disabled: boolean;
  /** The password's argon2id hash in PHC format; null until a one-time link was used. */
  readonly password: string | null;
  /** The key of one-time codes (TOTP), base32. */
  readonly codeKey: string | null;
}

/** How somebody signed in, as the log says it. */
export type SignInWay = "password" | "openid-connect" | "look-around-link";

export interface StoredSession {
  readonly data: string; // JSON
  readonly seenAt: number; // milliseconds since 1970
}

/** A one-time link that has neither been used nor expired. */
export interface OneTimeLink<P> {
  readonly account: Account<P>;
  /** Whether it signs in once by itself: only the demo's links do, among invented practices. */
  readonly looksAround: boolean;
}

/** Every method is one transaction, in which its entry of the log is written too. */
export interface SignInStore<P> {
  /** Whether anybody has an account here, disabled or not: from then on nobody is a visitor. */
  hasPeople(): Promise<boolean>;
  account(id: number): Promise<Account<P> | null>;
  accountNamed(name: string): Promise<Account<P> | null>;

  /** The link by its digest; null where there is none, it was used, has expired, or its person is disabled. */
  link(digest: Buffer): Promise<OneTimeLink<P> | null>;
  /** Uses a link up to set password and key, and ends the person's sessions. @returns false where it is no link any more */
  setUp(
    digest: Buffer,
    credentials: { readonly password: string; readonly codeKey: string },
  ): Promise<boolean>;
  /** Uses a link up. @returns false where it is no link any more */
  useLink(digest: Buffer): Promise<boolean>;

  /**
   * Takes note that somebody signed in.
   * @param code the place in time of the one-time code that was given; each is good once.
   * @returns false where a code of this place or a later one was used before: nobody has signed in then
   */
  signedIn(account: Account<P>, way: SignInWay, code: number | null): Promise<boolean>;
  /** @param account null where nobody has the name that was typed; it is not written down, for it may be a password */
  refused(account: Account<P> | null, reason: string): Promise<void>;
  /** Takes note of more refusals of one kind. @param since milliseconds since 1970 */
  refusedMore(
    person: string | null,
    reason: string,
    counted: { readonly times: number; readonly since: number },
  ): Promise<void>;
  signedOut(account: Account<P>): Promise<void>;

  session(digest: Buffer): Promise<StoredSession | null>;
  /** @param account whose it is; null before anybody has signed in with it. */
  keepSession(digest: Buffer, data: string, account: number | null): Promise<void>;
  /** Takes note that a session was used now. */
  touchSession(digest: Buffer): Promise<void>;
  endSession(digest: Buffer): Promise<void>;
  /**
   * Deletes sessions that were last used before a moment, milliseconds since 1970: of nobody, and of people; and the
   * oldest of nobody's where there are more than `most`.
   */
  forgetSessions(before: {
    readonly nobodys: number;
    readonly most: number;
    readonly peoples: number;
  }): Promise<void>;
}
