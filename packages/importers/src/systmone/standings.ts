/** Who is told of by which version of their row, and who left: an older extract's word never takes a newer one's place. */
import { type KeptPeople, ownCopy } from "@cairn/records";

/** The orders of somebody's newest row, and of the newest row that says that they left; 0 where there is none. */
interface Standing {
  readonly newest: number;
  readonly left: number;
}
const UNHEARD: Standing = { newest: 0, left: 0 };

export class Standings {
  readonly #kept: KeptPeople;
  readonly #known = new Map<string, Standing>();

  constructor(kept: KeptPeople) {
    this.#kept = kept;
    for (const [id, said] of kept.all()) this.#known.set(id, JSON.parse(said) as Standing);
  }

  of(id: string): Standing {
    return this.#known.get(id) ?? UNHEARD;
  }

  put(id: string, standing: Standing): void {
    this.#known.set(ownCopy(id), standing);
    this.#kept.put(id, JSON.stringify(standing));
  }
}
