/**
 * What an SREvent is as a contact: SNOMED CT has a code for each way in which a person is met. ContactMethod and
 * ContactEventLocation are words, or numbers that SRConfiguredListOption explains, in this extract or an earlier one.
 */
import { type Coding, type Load, ownCopy, rowId } from "@cairn/records";

/** Words for what is no meeting, whatever else it names: a text to a telephone, a letter to a home, a visit that failed. */
const NO_MEETING =
  /\b(text|sms|e-?mail|letter|message|note|liaison|fail(ed)?|cancel(led|ed)?|dna|attempted)\b|(not|n't) attend|no (answer|reply)/i;

/** The ways of meeting a person, by words that name them; the first that fits counts. Kept by place: append only. */
const WAYS = [
  { words: /\bface\b|surgery consultation/i, code: "308335008" }, // Patient encounter procedure
  { words: /\b(tele)?phone\b/i, code: "185317003" }, // Telephone encounter
  { words: /\bvideo/i, code: "448337001" }, // Telemedicine consultation with patient
  { words: /\bonline\b|\be-?consult/i, code: "1068881000000101" }, // eConsultation via online application
  { words: /\bhome\b|\bdomiciliary\b|\bresidence\b|\bhouse ?call/i, code: "439708006" }, // Home visit
] as const;
const FACE_TO_FACE = 0;
const HOME = 4;
export const NO_CONTACT = -1;

/** The way that words name; `NO_CONTACT` for none. */
export function wayOf(words: string): number {
  return NO_MEETING.test(words) ? NO_CONTACT : WAYS.findIndex((way) => way.words.test(words));
}

/** Behind these, a pair of parts stands for contacts that wait for an explanation, and for those that may get another code. */
const AWAITED = "systmone-contact-";
const SOURCE = "systmone contact ";

const NUMBER = /^\d+$/;

/** A contact's method or place without the words of it: a number as it is, words as the way that they name, or nothing. */
function partOf(said: string): string {
  return said === "" || NUMBER.test(said) ? said : `=${wayOf(said)}`;
}

interface Contact {
  readonly coding: Coding;
  /** Whether it is none before a number in it is explained. */
  readonly waits: boolean;
  /** The key of its numbers, by which it gets another code once they stand for something else; 0 where it has none. */
  readonly source: number;
}

/** Tells the ways of contacts by what numbers stand for in the extracts so far. */
export class WayReader {
  readonly #load: Load;
  readonly #ways = new Map<string, number | null>();
  readonly #contacts = new Map<string, Map<string, Contact | null>>();

  constructor(load: Load) {
    this.#load = load;
  }

  /** The contact of a method and a place; null where it is none with the person. */
  contactOf(method: string, place: string): Contact | null {
    let byPlace = this.#contacts.get(method);
    if (byPlace === undefined)
      this.#contacts.set(ownCopy(method), (byPlace = new Map<string, Contact | null>()));
    let contact = byPlace.get(place);
    if (contact === undefined)
      byPlace.set(ownCopy(place), (contact = this.#made(partOf(method), partOf(place))));
    return contact;
  }

  #made(method: string, place: string): Contact | null {
    const { awaitedCodes, sourceCodes } = this.#load;
    const way = this.#wayOf(method, place);
    if (way === NO_CONTACT) return null;
    const isNumbered = NUMBER.test(method) || NUMBER.test(place);
    const source = isNumbered ? sourceCodes.key(`${SOURCE}${method} ${place}`) : 0;
    if (way !== null) return { coding: this.#codingOf(way), waits: false, source };
    const where = NUMBER.test(place) ? place : place === `=${HOME}` ? "home" : "";
    const coding = awaitedCodes.coding(`${AWAITED}${method}-${where}`, false, true);
    return { coding, waits: true, source };
  }

  /** Explains contacts whose numbers are known by now. */
  explain(): void {
    const { awaitedCodes } = this.#load;
    for (const id of awaitedCodes.ids(AWAITED)) {
      const [method = "", place = ""] = id.slice(AWAITED.length).split("-").map(partOf);
      const way = this.#wayOf(method, place);
      if (way !== null) awaitedCodes.explain(id, way === NO_CONTACT ? null : this.#codingOf(way));
    }
  }

  /** Gives contacts of earlier extracts the code that their numbers have today. @param changed numbers that stand for another way */
  recode(changed: ReadonlySet<string>): void {
    if (changed.size === 0) return;
    const { sourceCodes } = this.#load;
    for (const [id, key] of sourceCodes.of(SOURCE)) {
      const [method = "", place = ""] = id.slice(SOURCE.length).split(" ");
      const way = changed.has(method) || changed.has(place) ? this.#wayOf(method, place) : null;
      if (way === null) continue;
      const now = way === NO_CONTACT ? null : this.#codingOf(way);
      for (const other of WAYS.keys()) if (other !== way) sourceCodes.recode(key, this.#codingOf(other), now);
    }
  }

  /** The way of a contact by its parts; null where nothing explains a number that says it. */
  #wayOf(method: string, place: string): number | null {
    const [met, at] = [this.#explained(method), this.#explained(place)];
    if (met === null || (method === "" && at === null)) return null;
    return at === HOME && (met === FACE_TO_FACE || method === "") ? HOME : met;
  }

  /** The way that a part stands for; null for a number that nothing explains. */
  #explained(part: string): number | null {
    if (part === "") return NO_CONTACT;
    if (!NUMBER.test(part)) return Number(part.slice(1));
    let way = this.#ways.get(part);
    if (way === undefined)
      this.#ways.set(part, (way = this.#load.keptRows.find("contact way", rowId(part))?.value ?? null));
    return way;
  }

  #codingOf(way: number): Coding {
    return this.#load.codes.coding("snomed", WAYS[way]!.code);
  }
}
