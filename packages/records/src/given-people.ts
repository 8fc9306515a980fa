/** The people of a load beside those of the store: who stays, who leaves, and who is merged with whom. */
import type { EthnicGroup, Sex } from "@cairn/query-library";
import type { Database, Statement } from "@cairn/sqlite";
import { ownCopy } from "./dictionary.js";

export interface PatientFacts {
  readonly sex: Sex;
  readonly birthDay: number | null;
  readonly birthPrecision: "day" | "month" | "year" | null;
  readonly deathDay: number | null;
  readonly deprivationFifth: number; // 1 to 5, 0 unknown
  readonly ethnicGroup: EthnicGroup;
  /** The number by which the practice's own system finds them, where that is not their identifier. */
  readonly number?: string | null | undefined;
  /** Whether the extract marks them as confidential: they are left out of everything that leaves. */
  readonly confidential?: boolean | undefined;
}

const NOTHING_KNOWN: PatientFacts = {
  sex: "unknown",
  birthDay: null,
  birthPrecision: null,
  deathDay: null,
  deprivationFifth: 0,
  ethnicGroup: "unknown",
};

const FACTS =
  "sex, birth_day, birth_precision, death_day, deprivation_fifth, ethnic_group, number, confidential";

export class GivenPeople {
  readonly #keys = new Map<string, number>();
  /**
   * People of the store who leave with the load unless it gives them: those that are deleted; in a whole load, all.
   */
  readonly #leaving = new Map<string, number>();
  readonly #leftAt = new Map<number, { readonly practiceId: string; readonly order: number }>();
  readonly #aside = new Map<string, number>();
  readonly #heirs = new Map<number, number>(); // of people who prove to be somebody else, who that is
  readonly #facts = new Map<string, string>(); // what this load said of whom
  readonly #whole: boolean;
  readonly #put: Statement<(string | number | null)[], number>;
  readonly #find: Statement<[string], Omit<PatientFacts, "confidential"> & { readonly confidential: number }>;
  readonly #findBirth: Statement<[number], number | null>;
  readonly #deaths = new Map<number, number>();
  readonly #rename: Statement<[string, number]>;
  readonly #putFifth: Statement<[Record<string, number>]>;
  readonly #putDeath: Statement<[Record<string, number>]>;
  #newestHeld = 0; // keys above it are of people whom this load brought
  /** Number of people that the store held. */
  readonly held: number;
  /** Whether the load named a person whom the store held. */
  meetsHeld = false;
  /** Whether the load changed anything about the store's people. */
  changed = false;
  /** Whether the load gave any person. */
  given = false;

  /** @param whole whether people who are not given leave */
  constructor(db: Database, whole: boolean) {
    this.#whole = whole;
    const held = db.prepare<[], [number, string]>("SELECT key, practice_id FROM patient").raw();
    const people = whole ? this.#leaving : this.#keys;
    for (const [key, id] of held.iterate()) {
      people.set(id, key);
      this.#newestHeld = Math.max(this.#newestHeld, key);
    }
    this.held = people.size;
    const excluded = FACTS.replace(/\w+/g, "excluded.$&");
    this.#put = db
      .prepare<(string | number | null)[], number>(
        `INSERT INTO patient (practice_id, ${FACTS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (practice_id) DO UPDATE SET (${FACTS}) = (${excluded}) WHERE (${FACTS}) IS NOT (${excluded})
         RETURNING key`,
      )
      .pluck();
    this.#find = db.prepare(
      `SELECT sex, birth_day AS birthDay, birth_precision AS birthPrecision, death_day AS deathDay,
         deprivation_fifth AS deprivationFifth, ethnic_group AS ethnicGroup, number, confidential
       FROM patient WHERE practice_id = ?`,
    );
    this.#findBirth = db
      .prepare<[number], number | null>("SELECT birth_day FROM patient WHERE key = CAST(? AS INTEGER)")
      .pluck();
    this.#rename = db.prepare("UPDATE patient SET practice_id = ? WHERE key = CAST(? AS INTEGER)");
    this.#putFifth = db.prepare<[Record<string, number>]>(
      "UPDATE patient SET deprivation_fifth = CAST(@fifth AS INTEGER) WHERE key = @patient AND deprivation_fifth <> @fifth",
    );
    this.#putDeath = db.prepare<[Record<string, number>]>(
      "UPDATE patient SET death_day = @day WHERE key = @patient AND death_day IS NOT @day",
    );
  }

  /** Adds the person, or replaces the facts about them. @returns whether this load gave them before, otherwise */
  put(practiceId: string, facts: PatientFacts): boolean {
    this.given = true;
    const kept = [
      facts.sex,
      facts.birthDay,
      facts.birthPrecision,
      facts.deathDay,
      facts.deprivationFifth,
      facts.ethnicGroup,
      facts.number ?? null,
      facts.confidential ? 1 : 0,
    ];
    const said = kept.join();
    const before = this.#facts.get(practiceId);
    if (before !== said) this.#facts.set(ownCopy(practiceId), said);
    const changed = this.#put.get(practiceId, ...kept);
    if (changed !== undefined) this.changed = true;
    const leaving = this.#leaving.get(practiceId);
    const key = changed ?? leaving ?? this.#aside.get(practiceId);
    if (key !== undefined) this.#keys.set(ownCopy(practiceId), key);
    this.#meet(this.#keys.get(practiceId));
    if (leaving !== undefined) this.#leaving.delete(practiceId);
    this.#aside.delete(practiceId);
    return before !== undefined && before !== said;
  }

  /** The store's key of a person, or 0 where the identifier is unknown. */
  keyOf(practiceId: string): number {
    const key = this.#keys.get(practiceId) ?? 0;
    this.#meet(key);
    return key;
  }

  /** Number of people that the load gave. */
  get named(): number {
    return this.#facts.size;
  }

  #meet(key = 0): void {
    if (key > 0 && key <= this.#newestHeld) this.meetsHeld = true;
  }

  /**
   * The facts known of a person: an extract that lacks a column says nothing of it, and what is known stays. Empty
   * for an unknown person, and in a whole load for one that it has not given yet.
   */
  known(practiceId: string): PatientFacts {
    const isGiven = this.#facts.has(practiceId);
    const row = this.#whole && !isGiven ? undefined : this.#find.get(practiceId);
    return row === undefined ? NOTHING_KNOWN : { ...row, confidential: row.confidential === 1 };
  }

  /**
   * The deprivation fifth that the store has of a person, 0 where it has none; in a whole load, too, for an extract that is
   * read without a table says nothing of it.
   */
  fifthOf(practiceId: string): number {
    return this.#find.get(practiceId)?.deprivationFifth ?? 0;
  }

  /** A person's day of birth, null where it is not known. */
  birthOf(patient: number): number | null {
    return this.#findBirth.get(patient) ?? null;
  }

  /** Sets the death of a known person. @returns whether this load gave another day before */
  putDeath(patient: number, day: number): boolean {
    this.given = true;
    const before = this.#deaths.get(patient);
    this.#deaths.set(patient, day);
    if (this.#putDeath.run({ patient, day }).changes > 0) this.changed = true;
    return before !== undefined && before !== day;
  }

  /** Sets the deprivation fifth of a known person: 1 to 5, 0 unknown. */
  putFifth(patient: number, fifth: number): void {
    this.given = true;
    if (this.#putFifth.run({ patient, fifth }).changes > 0) this.changed = true;
  }

  /** Removes a person and all facts about them, unless they are given again in this load. */
  remove(practiceId: string): boolean {
    const key = this.#keys.get(practiceId);
    if (key === undefined) return false;
    this.given = true;
    this.#meet(key);
    this.#keys.delete(practiceId);
    this.#leaving.set(ownCopy(practiceId), key);
    return true;
  }

  /**
   * Ends what is known of a person: who is given after it in this load is somebody new, though of the same identifier.
   * @param order of the row that says it: their events of a higher one, which came before it, wait. Where rows have none,
   * Infinity
   * @returns whether they were here
   */
  leave(practiceId: string, order: number): boolean {
    const key = this.#keys.get(practiceId) ?? this.#aside.get(practiceId);
    if (key === undefined) return false;
    const before = `${practiceId} before they left ${key}`;
    this.given = true;
    this.#meet(key);
    this.#rename.run(before, key);
    this.#keys.delete(practiceId);
    this.#aside.delete(practiceId);
    this.#facts.delete(practiceId);
    this.#leaving.set(before, key);
    this.#leftAt.set(key, { practiceId: ownCopy(practiceId), order });
    return true;
  }

  /** By the key of each person who left: who they were, and the order up to which what was told of them is over. */
  get leftAt(): ReadonlyMap<number, { readonly practiceId: string; readonly order: number }> {
    return this.#leftAt;
  }

  /** Takes a person to be nobody, such as a test patient, unless they are given again: what is theirs waits. */
  setAside(practiceId: string): void {
    const key = this.#keys.get(practiceId);
    if (key === undefined) return;
    this.given = true;
    this.#meet(key);
    this.#keys.delete(practiceId);
    this.#aside.set(ownCopy(practiceId), key);
  }

  /** The keys of the people who are set aside, by their identifiers. */
  get aside(): ReadonlyMap<string, number> {
    return this.#aside;
  }

  /**
   * Merges one person into another: all that the store and this load have of the first becomes the other's. Does
   * nothing where one of them is unknown. To be called once everybody was given.
   */
  merge(practiceId: string, into: string): void {
    const [key, heir] = [this.keyOf(practiceId), this.keyOf(into)];
    if (key === 0 || heir === 0 || key === heir) return;
    this.given = true;
    this.#keys.delete(practiceId);
    this.#heirs.set(key, heir);
  }

  /** The key of each merged person -> the key of the person they became. */
  get heirs(): ReadonlyMap<number, number> {
    return this.#heirs;
  }

  /** Keys of the people who leave. */
  get leaving(): readonly number[] {
    return [...this.#leaving.values()];
  }

  /** Whether the store has nobody and the load gives nobody; a whole load counts only those whom it gives. */
  isEmpty(): boolean {
    return this.#keys.size === 0 && this.#aside.size === 0 && (this.#whole || this.#leaving.size === 0);
  }
}
