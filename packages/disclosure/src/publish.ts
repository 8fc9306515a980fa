/** Publishing one family: count after count, each asked of G1 and G2 beside everything published before it. */
import { SetsOfPeople, type DateLedger } from "./date-ledger.js";
import { atomsOf, type Atoms, type AtomSet, type TableOfSets } from "./atoms.js";
import { candidates, countsOf, withhold, type Count, type Family } from "./family.js";
import { Combinations } from "./g2-combinations.js";
import type { PublishedSet } from "./g1-pairs.js";
import type { Guards } from "./guards.js";
import type { HistoryEntry } from "./history.js";
import type { Members } from "./members.js";
import { intervalOf, roundCount, smallBelow, type Policy } from "./policy.js";
import type { Reason } from "./reason.js";
import { kindOfSecret, secretsOf, secretsOfEarlier, type Kind, type Secret } from "./secrets.js";
import type { Target } from "./span.js";

/** The tests made while publishing, without a count of people: for the certificate, and for G3 to go on from. */
export interface Publication {
  readonly atoms: Atoms;
  /** Small groups, of this version and of earlier ones. */
  readonly targets: readonly AtomSet[];
  /** Sets that are protected though they are not small. */
  readonly secrets: number;
  readonly known: readonly { readonly set: PublishedSet; readonly atoms: AtomSet }[];
  readonly ranks: readonly { readonly prime: number; readonly rank: number }[];
}

/**
 * Decides every open count of `family`. G3 may withhold more, so the date is told in full by `settle`.
 *
 * Where G1 withholds a set that can be computed from what is published already, it withholds it in vain: publishing
 * begins again, with that set withheld and protected from the first count on.
 * @param rests of cells, whose change is too small to be told (see `carry`).
 */
export function publish(
  family: Family,
  ledger: DateLedger,
  policy: Policy,
  guards: Guards,
  rests: readonly Members[] = [],
): Publication {
  const versions = ledger.versionsOf(family.asked.query);
  const atoms = atomsOf([tableOf(family), ...versions.map(tableOfEntry)]);
  const targets = atoms.targets(smallBelow(policy));
  const known = ledger.released.flatMap((set) => {
    const union = atoms.unionOf(set.people);
    return union ? [{ set, atoms: union }] : [];
  });
  const context: FamilyContext = { family, ledger, policy, guards, atoms, targets, known };
  const secrets = [...secretsOf(family, rests), ...versions.flatMap(secretsOfEarlier)];
  for (let before = standing(family); ; before = standing(family)) {
    ledger.pairs.mark();
    const pass = new Pass(context, secrets);
    const lost = pass.publishAll();
    if (!lost) {
      pass.tell();
      return { atoms, targets, secrets: pass.secrets, known, ranks: pass.ranks };
    }
    ledger.pairs.back();
    const { reason, people } = lost;
    const kind = kindOfSecret(lost, family) ?? "group";
    countsOf(family).forEach((count, nth) => Object.assign(count, before[nth]));
    if (reason) withhold(family, lost, reason);
    secrets.push({ people, kind });
  }
}

/** A copy of the decisions on each count so far. */
function standing(family: Family): Pick<Count, "reason" | "carries">[] {
  return countsOf(family).map(({ reason, carries }) => ({ reason, carries }));
}

function tableOf({ cells }: Family): TableOfSets {
  return cells.map(({ split, denominator, numerator }) => ({
    split,
    denominator: denominator.people,
    numerator: numerator.people,
  }));
}

function tableOfEntry({ cells }: HistoryEntry): TableOfSets {
  return cells.map(({ split, denominator, numerator }) => ({
    split,
    denominator: denominator.members,
    numerator: numerator.members,
  }));
}

interface FamilyContext {
  readonly family: Family;
  readonly ledger: DateLedger;
  readonly policy: Policy;
  readonly guards: Guards;
  readonly atoms: Atoms;
  readonly targets: readonly AtomSet[];
  readonly known: Publication["known"];
}

/** One way through a family's counts, in order. */
class Pass {
  readonly #context: FamilyContext;
  readonly #combinations: Combinations;
  readonly #withheld = new SetsOfPeople();
  readonly #noted = new Set<Count>();
  #secrets = 0;

  constructor(context: FamilyContext, secrets: readonly Secret[]) {
    const { family, atoms, targets, known } = context;
    this.#context = context;
    const also = secrets.flatMap((secret) => this.#target(secret));
    const own = known.filter(({ set }) => set.query === family.asked.query);
    this.#secrets = also.length;
    this.#combinations = new Combinations(
      atoms.sizes.length,
      [...targets.map((target) => ({ atoms: target, kind: "group" as const })), ...also],
      known.map((set) => set.atoms),
      own.map((set) => set.atoms),
    );
    this.#noteWithheld();
  }

  /** Number of protected sets that are not small, for the certificate. */
  get secrets(): number {
    return this.#secrets;
  }

  get ranks(): Publication["ranks"] {
    return this.#combinations.ranks;
  }

  /**
   * Publishes every count in order.
   * @returns the first count that was withheld in vain, at once; null where there was none.
   */
  publishAll(): Count | null {
    const { family } = this.#context;
    for (const count of candidates(family)) {
      if (count.reason !== null) continue; // its denominator was withheld meanwhile
      const reason = this.#refusal(count);
      if (!reason) continue;
      withhold(family, count, reason);
      const lost = this.#noteWithheld().find((withheld) => this.#isLost(withheld));
      if (lost) return lost;
    }
    return null;
  }

  /** Records each withheld set in the ledger of the date, so that no other table releases the same people. */
  tell(): void {
    for (const { people } of this.#noted) this.#context.ledger.withhold(people);
  }

  #refusal(count: Count): Reason | null {
    const { ledger, policy, guards, atoms, family } = this.#context;
    const { people } = count;
    if (guards.g2 && (ledger.isWithheld(people) || this.#withheld.has(people)))
      return "g2-withheld-elsewhere";
    if (people.length < smallBelow(policy)) return null; // nobody, or a midpoint's class: it says no number
    const set = publishedSet(count, family, policy);
    const conflict = guards.g1 ? ledger.pairs.conflict(set) : null;
    if (conflict) return conflict;
    const union = atoms.unionOf(people);
    const revealed = guards.g2 && union ? this.#combinations.revealedBy(union) : NOTHING;
    if (revealed.has("group") || revealed.has("values")) return "g2-combination";
    if (revealed.has("change")) return "g4-beside-carried";
    if (union) this.#combinations.publish(union);
    ledger.pairs.add(set);
    return null;
  }

  /**
   * Notes every count that is withheld by now, so that no other cell of this table releases the same people. Full
   * cells of a sensitive query are left out: what is withheld there is that all are in them, not who.
   * @returns those that were not withheld before.
   */
  #noteWithheld(): Count[] {
    const more = countsOf(this.#context.family).filter(
      (count) => count.reason !== null && count.reason !== "g0-zero-or-full" && !this.#noted.has(count),
    );
    for (const count of more) {
      this.#noted.add(count);
      this.#withheld.add(count.people);
    }
    return more;
  }

  /** Protects a count that was just withheld, where it needs it. @returns whether it can be computed already. */
  #isLost(count: Count): boolean {
    const { guards, family } = this.#context;
    const kind = guards.g2 ? kindOfSecret(count, family) : null;
    const [target] = kind ? this.#target({ people: count.people, kind }) : [];
    if (!target) return false;
    this.#secrets++;
    return this.#combinations.protect(target);
  }

  #target({ people, kind }: Secret): Target<Kind>[] {
    const atoms = this.#context.atoms.unionOf(people);
    return atoms ? [{ atoms, kind }] : [];
  }
}

const NOTHING: ReadonlySet<Kind> = new Set();

/** Records the sets that this family released in the ledger of the date, once nothing more will change. */
export function recordRelease(family: Family, entry: HistoryEntry, ledger: DateLedger, policy: Policy): void {
  const released = countsOf(family).filter((count) => count.reason === null && !count.carries);
  const takenBack = family.cells.flatMap(({ denominator, numerator }) =>
    TAKEN_BACK.has(denominator.reason)
      ? [denominator, numerator]
      : TAKEN_BACK.has(numerator.reason)
        ? [numerator]
        : [],
  );
  ledger.record(
    entry,
    released.map((count) => publishedSet(count, family, policy)),
    takenBack.map((count) => count.people),
  );
}

/** Reasons for which a count is withheld after it was published to its own family. */
const TAKEN_BACK: ReadonlySet<Reason | null> = new Set(["g3-bounds", "g4-beside-carried"]);

function publishedSet(count: Count, family: Family, policy: Policy): PublishedSet {
  const { people, sum } = count;
  const value = sum === people.length ? intervalOf(policy, roundCount(policy, sum)) : null;
  return { query: family.asked.query, people, value };
}
