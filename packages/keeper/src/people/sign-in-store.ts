/** What sign-in asks of the keeper's database: each step with its entry in the practice's log. */
import type { PracticePerson } from "@cairn/access";
import { practiceLog } from "@cairn/ledger";
import type { Account, OneTimeLink, SignInStore, SignInWay, StoredSession } from "@cairn/sign-in/store";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { accountOf, rowNamed, rowOf } from "./rows.js";

export class KeeperSignInStore implements SignInStore<PracticePerson> {
  readonly #store: KeeperStore;

  constructor(store: KeeperStore) {
    this.#store = store;
  }

  async hasPeople(): Promise<boolean> {
    return this.#store.db.prepare("SELECT 1 FROM person LIMIT 1").get() !== undefined;
  }

  async account(id: number): Promise<Account<PracticePerson> | null> {
    const row = rowOf(this.#store, id);
    return row && accountOf(this.#store, row);
  }

  async accountNamed(name: string): Promise<Account<PracticePerson> | null> {
    const row = rowNamed(this.#store, name);
    return row && accountOf(this.#store, row);
  }

  async link(digest: Buffer): Promise<OneTimeLink<PracticePerson> | null> {
    return this.#linkIn(this.#store, digest);
  }

  async useLink(digest: Buffer): Promise<boolean> {
    return this.#store.unheard((change) => used(change, digest));
  }

  async setUp(
    digest: Buffer,
    { password, codeKey }: { readonly password: string; readonly codeKey: string },
  ): Promise<boolean> {
    return this.#store.unheard((change) => {
      const link = this.#linkIn(change, digest);
      if (!link || !used(change, digest)) return false;
      const { id, person } = link.account;
      change.db
        .prepare("UPDATE person SET password = ?, code_key = ?, code_place = 0 WHERE id = ?")
        .run(password, codeKey, BigInt(id));
      change.db.prepare("DELETE FROM session WHERE person = ?").run(BigInt(id));
      change.note(practiceLog.accountSet, { person: person.name, how: "password" });
      return true;
    });
  }

  #linkIn(store: Reader, digest: Buffer): OneTimeLink<PracticePerson> | null {
    const link = store.db
      .prepare<[Buffer, bigint], { person: number; looksAround: number }>(
        `SELECT person, looks_around AS looksAround FROM one_time_link
         WHERE digest = ? AND used_at IS NULL AND expires_at > ?`,
      )
      .get(digest, BigInt(store.now()));
    const row = link ? rowOf(store, link.person) : null;
    if (!link || !row || row.disabled !== 0) return null;
    return { account: accountOf(this.#store, row), looksAround: link.looksAround === 1 };
  }

  async signedIn(
    { id, person }: Account<PracticePerson>,
    way: SignInWay,
    code: number | null,
  ): Promise<boolean> {
    return this.#store.unheard((change) => {
      if (code !== null) {
        const done = change.db
          .prepare("UPDATE person SET code_place = ? WHERE id = ? AND code_place < ?")
          .run(BigInt(code), BigInt(id), BigInt(code));
        if (done.changes === 0) return false;
      }
      change.note(practiceLog.signedIn, { person: person.name, how: way });
      return true;
    });
  }

  async refused(account: Account<PracticePerson> | null, reason: string): Promise<void> {
    this.#store.unheard((change) =>
      change.note(practiceLog.signInRefused, { person: account?.person.name ?? null, reason }),
    );
  }

  async refusedMore(
    person: string | null,
    reason: string,
    counted: { readonly times: number; readonly since: number },
  ): Promise<void> {
    this.#store.unheard((change) => change.note(practiceLog.signInsRefused, { person, reason, ...counted }));
  }

  async signedOut({ person }: Account<PracticePerson>): Promise<void> {
    this.#store.unheard((change) => change.note(practiceLog.signedOut, { person: person.name }));
  }

  async session(digest: Buffer): Promise<StoredSession | null> {
    const row = this.#store.db
      .prepare<[Buffer], { data: string; seenAt: number }>(
        "SELECT data, seen_at AS seenAt FROM session WHERE digest = ?",
      )
      .get(digest);
    return row ?? null;
  }

  async keepSession(digest: Buffer, data: string, person: number | null): Promise<void> {
    this.#store.unheard(({ db, now }) =>
      db
        .prepare(
          `INSERT INTO session (digest, person, data, seen_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (digest) DO UPDATE SET data = excluded.data, person = excluded.person`,
        )
        .run(digest, person === null ? null : BigInt(person), data, BigInt(now())),
    );
  }

  async touchSession(digest: Buffer): Promise<void> {
    this.#store.unheard(({ db, now }) =>
      db.prepare("UPDATE session SET seen_at = ? WHERE digest = ?").run(BigInt(now()), digest),
    );
  }

  async endSession(digest: Buffer): Promise<void> {
    this.#store.unheard(({ db }) => db.prepare("DELETE FROM session WHERE digest = ?").run(digest));
  }

  async forgetSessions(before: { nobodys: number; most: number; peoples: number }): Promise<void> {
    this.#store.unheard(({ db }) => {
      const tooMany = db
        .prepare<[bigint], number>(
          "SELECT seen_at FROM session WHERE person IS NULL ORDER BY seen_at DESC LIMIT 1 OFFSET ?",
        )
        .pluck()
        .get(BigInt(before.most));
      const nobodys = Math.max(before.nobodys, tooMany === undefined ? 0 : tooMany + 1);
      db.prepare("DELETE FROM session WHERE seen_at < ? OR (person IS NULL AND seen_at < ?)").run(
        BigInt(before.peoples),
        BigInt(nobodys),
      );
    });
  }
}

function used(change: Change, digest: Buffer): boolean {
  const now = BigInt(change.now());
  const done = change.db
    .prepare("UPDATE one_time_link SET used_at = ? WHERE digest = ? AND used_at IS NULL AND expires_at > ?")
    .run(now, digest, now);
  return done.changes === 1;
}
