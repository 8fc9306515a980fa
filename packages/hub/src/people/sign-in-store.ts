/** What sign-in asks of the hub's database: each step with its entry in the hub's log. */
import type { HubPerson } from "@cairn/access";
import { hubLog } from "@cairn/ledger";
import type { Account, OneTimeLink, SignInStore, SignInWay, StoredSession } from "@cairn/sign-in/store";
import type { Kysely } from "kysely";
import type { Hub } from "../hub.js";
import type { Change } from "../store/store.js";
import type { Tables } from "../store/tables.js";
import type { ProvenSubject } from "./openid.js";
import { accountOf, rowNamed } from "./rows.js";

export class HubSignInStore implements SignInStore<HubPerson> {
  readonly #hub: Hub;
  readonly #now: () => number;

  constructor(hub: Hub) {
    this.#hub = hub;
    this.#now = hub.settings.now;
  }

  get #db(): Kysely<Tables> {
    return this.#hub.store.db;
  }

  async hasPeople(): Promise<boolean> {
    return (await this.#db.selectFrom("person").select("id").limit(1).executeTakeFirst()) !== undefined;
  }

  async account(id: number): Promise<Account<HubPerson> | null> {
    const row = await this.#db.selectFrom("person").selectAll().where("id", "=", id).executeTakeFirst();
    return row ? accountOf(this.#db, row) : null;
  }

  async accountNamed(name: string): Promise<Account<HubPerson> | null> {
    const row = await rowNamed(this.#db, name);
    return row && accountOf(this.#db, row);
  }

  async link(digest: Buffer): Promise<OneTimeLink<HubPerson> | null> {
    return linkOf(this.#db, digest, this.#now());
  }

  async useLink(digest: Buffer): Promise<boolean> {
    return this.#hub.store.unheard((change) => this.#used(change, digest));
  }

  async setUp(
    digest: Buffer,
    { password, codeKey }: { readonly password: string; readonly codeKey: string },
  ): Promise<boolean> {
    return this.#hub.store.unheard(async (change) => {
      const link = await linkOf(change.tx, digest, this.#now());
      if (!link || !(await this.#used(change, digest))) return false;
      const { id, person } = link.account;
      await change.tx
        .updateTable("person")
        .set({ password, code_key: codeKey, code_place: 0, issuer: null, subject: null })
        .where("id", "=", id)
        .execute();
      await change.tx.deleteFrom("session").where("person", "=", id).execute();
      change.note(hubLog.accountSet, { person: person.name, how: "password" });
      return true;
    });
  }

  /** The account that is bound to what a provider has proven; the provider and its lasting name of somebody, no e-mail address. */
  async accountElsewhere({ issuer, subject }: ProvenSubject): Promise<Account<HubPerson> | null> {
    const row = await this.#db
      .selectFrom("person")
      .selectAll()
      .where("issuer", "=", issuer)
      .where("subject", "=", subject)
      .executeTakeFirst();
    return row ? accountOf(this.#db, row) : null;
  }

  /**
   * Uses a link up to bind its person to what a provider has proven, and ends their sessions. Where somebody who was
   * disabled is bound to it, it is theirs no more.
   * @returns false where it is no link any more, or another person, who is not disabled, is bound to this already
   */
  async bind(digest: Buffer, { issuer, subject }: ProvenSubject): Promise<boolean> {
    return this.#hub.store.unheard(async (change) => {
      const { tx, note } = change;
      const link = await linkOf(tx, digest, this.#now());
      const holder = await tx
        .selectFrom("person")
        .select(["id", "name", "disabled_at"])
        .where("issuer", "=", issuer)
        .where("subject", "=", subject)
        .executeTakeFirst();
      if (!link || link.looksAround) return false;
      const { id, person } = link.account;
      const earlier = holder && holder.id !== id ? holder : null;
      if (earlier && earlier.disabled_at === null) return false;
      if (!(await this.#used(change, digest))) return false;
      if (earlier) {
        const nothing = { issuer: null, subject: null };
        await tx.updateTable("person").set(nothing).where("id", "=", earlier.id).execute();
        note(hubLog.accountPassedOn, { from: earlier.name, to: person.name });
      }
      const only = { issuer, subject, password: null, code_key: null };
      await tx.updateTable("person").set(only).where("id", "=", id).execute();
      await tx.deleteFrom("session").where("person", "=", id).execute();
      note(hubLog.accountSet, { person: person.name, how: "openid-connect" });
      return true;
    });
  }

  async #used({ tx }: Change, digest: Buffer): Promise<boolean> {
    const now = this.#now();
    const done = await tx
      .updateTable("one_time_link")
      .set({ used_at: now })
      .where("digest", "=", digest)
      .where("used_at", "is", null)
      .where("expires_at", ">", now)
      .executeTakeFirst();
    return done.numUpdatedRows === 1n;
  }

  async signedIn({ id, person }: Account<HubPerson>, way: SignInWay, code: number | null): Promise<boolean> {
    return this.#hub.store.unheard(async ({ tx, note }) => {
      if (code !== null) {
        const done = await tx
          .updateTable("person")
          .set({ code_place: code })
          .where("id", "=", id)
          .where("code_place", "<", code)
          .executeTakeFirst();
        if (done.numUpdatedRows === 0n) return false;
      }
      note(hubLog.signedIn, { person: person.name, how: way });
      return true;
    });
  }

  async refused(account: Account<HubPerson> | null, reason: string): Promise<void> {
    await this.#hub.store.unheard(async ({ note }) => {
      note(hubLog.signInRefused, { person: account?.person.name ?? null, reason });
    });
  }

  async refusedMore(
    person: string | null,
    reason: string,
    counted: { readonly times: number; readonly since: number },
  ): Promise<void> {
    await this.#hub.store.unheard(async ({ note }) => {
      note(hubLog.signInsRefused, { person, reason, ...counted });
    });
  }

  async signedOut({ person }: Account<HubPerson>): Promise<void> {
    await this.#hub.store.unheard(async ({ note }) => {
      note(hubLog.signedOut, { person: person.name });
    });
  }

  async session(digest: Buffer): Promise<StoredSession | null> {
    const row = await this.#db
      .selectFrom("session")
      .select(["data", "seen_at"])
      .where("digest", "=", digest)
      .executeTakeFirst();
    return row ? { data: row.data, seenAt: row.seen_at } : null;
  }

  async keepSession(digest: Buffer, data: string, person: number | null): Promise<void> {
    await this.#hub.store.quietly(async (tx) => {
      await tx
        .insertInto("session")
        .values({ digest, person, data, seen_at: this.#now() })
        .onConflict((conflict) => conflict.column("digest").doUpdateSet({ data, person }))
        .execute();
    });
  }

  async touchSession(digest: Buffer): Promise<void> {
    await this.#hub.store.quietly(async (tx) => {
      await tx.updateTable("session").set({ seen_at: this.#now() }).where("digest", "=", digest).execute();
    });
  }

  async endSession(digest: Buffer): Promise<void> {
    await this.#hub.store.quietly(async (tx) => {
      await tx.deleteFrom("session").where("digest", "=", digest).execute();
    });
  }

  async forgetSessions(before: { nobodys: number; most: number; peoples: number }): Promise<void> {
    await this.#hub.store.quietly(async (tx) => {
      const tooMany = await tx
        .selectFrom("session")
        .select("seen_at")
        .where("person", "is", null)
        .orderBy("seen_at", "desc")
        .offset(before.most)
        .limit(1)
        .executeTakeFirst();
      const nobodys = Math.max(before.nobodys, tooMany ? tooMany.seen_at + 1 : 0);
      await tx
        .deleteFrom("session")
        .where((of) =>
          of.or([
            of("seen_at", "<", before.peoples),
            of.and([of("person", "is", null), of("seen_at", "<", nobodys)]),
          ]),
        )
        .execute();
    });
  }
}

async function linkOf(
  db: Kysely<Tables>,
  digest: Buffer,
  now: number,
): Promise<OneTimeLink<HubPerson> | null> {
  const link = await db
    .selectFrom("one_time_link")
    .select(["person", "looks_around"])
    .where("digest", "=", digest)
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  if (!link) return null;
  const row = await db.selectFrom("person").selectAll().where("id", "=", link.person).executeTakeFirst();
  if (!row || row.disabled_at !== null) return null;
  return { account: await accountOf(db, row), looksAround: link.looks_around === 1 };
}
