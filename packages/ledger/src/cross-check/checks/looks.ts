/** Looks at comparisons: did anyone look whom the charter of that moment does not let. */
import { splitNames } from "../../names.js";
import { createHash } from "node:crypto";
import {
  isHubRole,
  isPracticeRole,
  may,
  namedTo,
  type Answer,
  type GroupCharter,
  type HubPerson,
  type PersonOf,
  type PracticePerson,
} from "@cairn/access";
import { CharterError, readCharter, sightOf } from "@cairn/charters";
import { ConsentHistory } from "../../consent-history.js";
import type { HubEntryOf } from "../../hub-log.js";
import { isNaming, namedInLook, type NamedInLook } from "../../named-in-look.js";
import type { PracticeEntryOf } from "../../practice-log.js";
import { fact, type Facts, type Findings } from "../findings.js";
import type { HubSide, PracticeSide } from "../sides.js";

/** The charters beside the hub's log, by digest. */
type CharterTexts = ReadonlyMap<string, GroupCharter & { readonly group: string }>;

/** The action that a look is, by what was shown in it. */
const AT_HUB = new Map<string, "see-comparison" | "see-dots" | "see-names">([
  ["figures", "see-comparison"],
  ["dots", "see-dots"],
  ["names", "see-names"],
]);
const AT_PRACTICE = new Map<string, "see-group-figures" | "see-own-comparison" | "see-peers">([
  ["figures", "see-group-figures"],
  ["own", "see-own-comparison"],
  ["dots", "see-peers"],
]);

/** Reads the charters beside the hub's log; one that cannot be read is named. */
export function charterTexts(found: Findings, hub: HubSide): CharterTexts {
  const texts = new Map<string, GroupCharter & { readonly group: string }>();
  for (const line of hub.said.beside.get("charter") ?? []) {
    const bytes = Buffer.from(fact((line ?? {}) as Facts, "bytes"), "base64");
    const digest = createHash("sha256").update(bytes).digest("hex");
    try {
      const charter = readCharter(bytes);
      texts.set(digest, { group: charter.group, digest, ...sightOf(charter) });
    } catch (error) {
      if (!(error instanceof CharterError)) throw error;
      found.problem("log-unreadable", hub.name, `a charter beside its log cannot be read: ${error.message}`);
    }
  }
  return texts;
}

/** Checks each look in the hub's log by the charter that was in force, and by the account of whoever looked. */
export function checkHubLooks(found: Findings, hub: HubSide, texts: CharterTexts): void {
  const inForce = new Map<string, string>();
  const people = new Map<string, HubPerson>();
  const consents = new ConsentHistory();
  let namings = 0; // entries that still belong to the look before them
  for (const [at, entry] of hub.entries.entries()) {
    consents.learn(entry);
    if (!isNaming(entry)) namings = 0;
    else if (namings > 0) namings -= 1;
    else
      found.problem("look-not-allowed", hub.name, "it tells of a practice that was named, and in no look", {
        entry: entry.position,
      });
    if (entry.kind === "charter-published") inForce.set(entry.body.group, entry.body.charter);
    if (entry.kind === "person-added") people.set(entry.body.person, hubPerson(entry.body));
    if (entry.kind === "person-disabled") people.delete(entry.body.person);
    if (entry.kind !== "comparison-viewed" || isFromBefore(entry.body)) continue;
    const named = namedInLook(hub.entries, at);
    namings = entry.body.named;
    const held = { people, texts, consents };
    const why = whyNotAtHub(entry, named, inForce.get(entry.body.group) ?? "", held);
    if (why !== null) found.problem("look-not-allowed", hub.name, why, { entry: entry.position });
  }
}

/** Whether a look is of a version whose log did not say what was shown: nothing can be said of it. */
function isFromBefore({ shown }: { readonly shown: string }): boolean {
  return shown === "";
}

/** What held at the hub by the time of a look. */
interface HeldThen {
  readonly people: ReadonlyMap<string, HubPerson>;
  readonly texts: CharterTexts;
  readonly consents: ConsentHistory;
}

function whyNotAtHub(
  { body: look, time }: Pick<HubEntryOf<"comparisonViewed">, "body" | "time">,
  named: NamedInLook | null,
  inForce: string,
  { people, texts, consents }: HeldThen,
): string | null {
  const charter = charterOfLook(look, inForce, texts);
  if (typeof charter === "string") return charter;
  const person: PersonOf<"hub"> | undefined =
    look.by === null ? { at: "hub", name: null, role: "visitor" } : people.get(look.by);
  // Without an account: whoever holds the machine, who is asked nothing where no charter says who sees what.
  if (charter === null && (person === undefined || look.shown === "names")) return null;
  const action = AT_HUB.get(look.shown);
  if (!person || !action) return refusedWords(look, "by its charter nobody sees this");
  const about = { group: look.group, charter };
  const refused = refusal(look, may(person, action, about));
  const to = namedTo(person, about);
  if (refused !== null || charter === null || to === null || look.shown !== "names") return refused;
  const why = consents.whyNot({ ...about, charter }, to, named, time.slice(0, 10));
  return why === null
    ? null
    : refusedWords(
        look,
        why.replace(/^./, (letter) => letter.toUpperCase()),
      );
}

/** Checks each look in a practice's log by the charter that was accepted there, and by the account of whoever looked. */
export function checkPracticeLooks(
  found: Findings,
  { name, log, withHub }: PracticeSide,
  texts: CharterTexts,
): void {
  const charted = new Set(withHub); // charters of another hub's time are not beside this one's log
  const accepted = new Map<string, string>();
  const people = new Map<string, PracticePerson>();
  for (const entry of log.entries) {
    if (entry.kind === "charter-accepted") accepted.set(entry.body.group, entry.body.charter);
    if (entry.kind === "group-left") accepted.delete(entry.body.group);
    if (entry.kind === "person-added") people.set(entry.body.person, practicePerson(entry.body));
    if (entry.kind === "person-disabled") people.delete(entry.body.person);
    if (entry.kind !== "comparison-viewed" || isFromBefore(entry.body) || !charted.has(entry)) continue;
    // Where none is accepted, people see by the charter in force, which this log does not name: any of the group's.
    const rightly = accepted.get(entry.body.group) ?? entry.body.charter;
    const why = whyNotAtPractice(entry.body, rightly, people, texts);
    if (why !== null) found.problem("look-not-allowed", name, why, { entry: entry.position });
  }
}

function whyNotAtPractice(
  look: PracticeEntryOf<"comparisonViewed">["body"],
  accepted: string,
  people: ReadonlyMap<string, PracticePerson>,
  texts: CharterTexts,
): string | null {
  const charter = charterOfLook(look, accepted, texts);
  if (typeof charter === "string") return charter;
  const person: PersonOf<"practice"> | undefined =
    look.by === null ? { at: "practice", name: null, role: "visitor" } : people.get(look.by);
  const action = AT_PRACTICE.get(look.shown);
  if (!person || !action)
    return refusedWords(look, "nobody of this name had an account, or nobody sees this");
  return refusal(look, may(person, action, { practice: PRACTICE, group: look.group, charter }));
}

/** The charter of a look, null for none; or what is wrong with it, in words. */
function charterOfLook(
  look: { readonly group: string; readonly charter: string },
  rightly: string,
  texts: CharterTexts,
): GroupCharter | null | string {
  const named = (digest: string): string =>
    digest === "" ? "no charter" : `the charter ${digest.slice(0, 16)}`;
  if (look.charter !== rightly)
    return `a look at ${look.group} was under ${named(look.charter)}, and what held then was ${named(rightly)}`;
  if (rightly === "") return null;
  const text = texts.get(rightly);
  return text?.group === look.group
    ? text
    : `a look at ${look.group} was under ${named(rightly)}, which is not beside the hub's log`;
}

function refusal(look: Look, answer: Answer): string | null {
  return answer.allowed ? null : refusedWords(look, answer.why);
}

interface Look {
  readonly group: string;
  readonly shown: string;
  readonly by: string | null;
}

function refusedWords({ group, shown, by }: Look, why: string): string {
  return `${by ?? "somebody without an account"} saw ${shown} of ${group}. ${why.replace(/\.$/, "")}`;
}

function hubPerson({ person: name, role, groups }: HubEntryOf<"personAdded">["body"]): HubPerson {
  if (!isHubRole(role)) return { at: "hub", name, role: "library-signer", groups: [] }; // a role that sees nothing
  return { at: "hub", name, role, groups: groups === "" ? "every" : splitNames(groups) };
}

/** Everybody in a practice's log is of that practice. */
const PRACTICE = "the log's own";

function practicePerson({ person: name, role }: PracticeEntryOf<"personAdded">["body"]): PracticePerson {
  return { at: "practice", name, practice: PRACTICE, role: isPracticeRole(role) ? role : "administrator" };
}
