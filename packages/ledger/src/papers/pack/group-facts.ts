/** What the exports tell of one group, with where each thing is from: what the parts of a pack are made of. */
import { splitNames } from "../../names.js";
import { floorWords, type Charter } from "@cairn/charters";
import { longDate } from "@cairn/text";
import type { PracticeEntryOf } from "../../practice-log.js";
import type { GivenFiles } from "../given.js";
import { groupCharters } from "../group-charters.js";
import { gap, list, text, type PaperItem } from "../paper.js";
import { consentsIn, type GroupConsents } from "../named.js";
import { practiceState } from "../practice-state.js";
import { registerRows, type RegisterRow } from "../register.js";

/** `source` of a group that has none. */
export const NO_CHARTER = "no charter";

export interface GroupFacts {
  readonly group: string;
  readonly charter: Charter | null; // null where there is none, or its text is in no export that was given
  /** The charter with its digest, and the log that names it. */
  readonly source: string;
  readonly rows: readonly RegisterRow[];
  readonly accounts: readonly string[]; // at the hub: "Lea (cluster-lead), the hub's log, entry 7"
  /** A line for each practice whose log was given and that is in the group. */
  readonly decisions: readonly string[];
  /** What was withheld from the releases for the group, as practices' logs have it. */
  readonly floors: readonly { readonly words: string; readonly from: string }[];
  /** Whether people with a type 1 opt-out in their record are in what was released for the group, as practices' logs have it. */
  readonly optOuts: readonly { readonly words: string; readonly from: string }[];
  /** The practices that consent to be named, or did, as the hub's log has it; null where none was given. */
  readonly named: GroupConsents | null;
  readonly reviews: readonly string[]; // who reviewed each question, as its text says
  readonly hasHub: boolean;
}

/** Names of the groups of which the exports hold a charter or a question. */
export function groupsIn(given: GivenFiles): string[] {
  const asked = registerRows(given).map(({ group }) => group);
  return [...new Set([...asked, ...groupCharters(given).keys()])].toSorted();
}

/** Groups of which the exports tell, by name. */
export function allGroupFacts(given: GivenFiles): GroupFacts[] {
  const rows = [...new Map(registerRows(given).map((row) => [`${row.group} ${row.digest}`, row])).values()]; // each by its newest charter
  const charters = groupCharters(given);
  return groupsIn(given).map((group) => {
    const held = charters.get(group)?.at(-1);
    return {
      group,
      charter: held?.charter ?? null,
      source: held ? `charter ${held.digest.slice(0, 16)}, in ${held.source}` : NO_CHARTER,
      rows: rows.filter((row) => row.group === group),
      accounts: accountsOf(given, group),
      decisions: decisionsOf(given, group),
      floors: floorsOf(given, group),
      optOuts: optOutsOf(given, group),
      named: given.hub && consentsIn(given.hub, group, { from: null, to: null }),
      reviews: reviewsOf(given, rows, group),
      hasHub: given.hub !== null,
    };
  });
}

/** People with an account at the hub who may be concerned with the group. */
function accountsOf({ hub }: GivenFiles, group: string): string[] {
  const people = new Map<string, string>();
  for (const entry of hub?.entries ?? []) {
    if (entry.kind === "person-disabled") people.delete(entry.body.person);
    if (entry.kind !== "person-added") continue;
    const { person, role, groups } = entry.body;
    const isOf = groups === "" || splitNames(groups).includes(group);
    if (isOf) people.set(person, `${person}, ${role} (the hub's log, entry ${entry.position})`);
    else people.delete(person);
  }
  return [...people.values()];
}

function reviewsOf(given: GivenFiles, rows: readonly RegisterRow[], group: string): string[] {
  return rows.flatMap(({ group: of, query: name, version, digest }) => {
    const query = of === group ? given.query(digest)?.query : undefined;
    return query ? [`${name} ${version}: ${query.review.reviewedBy ?? "no clinician yet"}`] : [];
  });
}

function decisionsOf({ practices }: GivenFiles, group: string): string[] {
  return practices.flatMap(({ name, entries }) => {
    const state = practiceState(entries);
    const own = state.groups.get(group);
    if (!own) return [];
    const { rule, own: set } = state.rule(group);
    const by = own.charter?.by ?? own.joined?.by ?? "nobody named";
    const what = own.charter
      ? `accepted charter ${own.charter.digest.slice(0, 16)}`
      : "joined without a charter";
    const setBy = set
      ? `, its own rule set by ${set.by ?? "nobody named"}`
      : own.charter
        ? ", the charter's own"
        : "";
    const list = state.leftOutList
      ? "has given a list of its own of people to leave out"
      : "has given no list of its own";
    return `${name}: ${what}, by ${by}; the rule in force for new questions is ${rule}${setBy}; it ${list}`;
  });
}

function floorsOf({ practices }: GivenFiles, group: string): GroupFacts["floors"] {
  return practices.flatMap(({ name, entries }) => {
    const used = new Set(
      entries.flatMap((entry) => (entry.kind === "use" && entry.body.group === group ? entry.body.run : [])),
    );
    const first = new Map<string, number>(); // entry, by policy
    for (const entry of entries)
      if (entry.kind === "released" && used.has(entry.body.run) && !first.has(entry.body.policy))
        first.set(entry.body.policy, entry.position);
    return [...first].map(([policy, position]) => ({
      words: `Of what ${name} released for this group, ${policyWords(policy)}.`,
      from: `the log of ${name}, entry ${position}`,
    }));
  });
}

/** From when on a practice's releases for the group count people with a type 1 opt-out in their record, and from when on they leave them out. */
function optOutsOf({ practices }: GivenFiles, group: string): GroupFacts["optOuts"] {
  return practices.flatMap(({ name, entries }) => {
    const used = new Set(
      entries.flatMap((entry) => (entry.kind === "use" && entry.body.group === group ? entry.body.run : [])),
    );
    const released = entries.filter(
      (entry) => entry.kind === "released" && used.has(entry.body.run) && entry.body.opt_outs !== null,
    ) as PracticeEntryOf<"released">[];
    const ordered = released.toSorted((a, b) => a.body.date.localeCompare(b.body.date));
    const first = ordered.filter(({ body }, i) => body.opt_outs !== ordered[i - 1]?.body.opt_outs);
    return first.map(({ body, position }) => ({
      words: `From ${longDate(body.date)} on, what ${name} released for this group ${body.opt_outs === "left-out" ? "leaves out" : "counts"} people with a type 1 opt-out in their record.`,
      from: `the log of ${name}, entry ${position}`,
    }));
  });
}

/** @param policy as a practice's log has it: "k=8 base=5 midpoint=0" */
function policyWords(policy: string): string {
  const [, k, base, midpoint] = /^k=(\d{1,2}) base=(5|6|10|0) midpoint=(\d+)$/.exec(policy) ?? [];
  if (k === undefined || base === "0" || midpoint !== "0")
    return `small counts were treated by the policy ${policy}`;
  return floorWords(`k${k}-r${base}`).replace(" are withheld", " were withheld");
}

/** A sentence from the charter; a gap for a person where the charter's text is not there. */
export function byCharter(
  { charter, source }: GroupFacts,
  words: (charter: Charter) => string,
  missing: string,
): PaperItem {
  return charter
    ? text(words(charter), source)
    : gap(`${missing} (${source}: nothing signed that was given says it)`);
}

/** A sentence that the program answers for. @param where a promise's number, or a page */
export function byProgram(words: string, where: string): PaperItem {
  const page = /^H\d+$/.test(where) ? `promise ${where}, docs/promises.md` : where;
  return text(words, `the program, ${page}`);
}

/** A list from logs, or a gap where the logs that were given have none of it. */
export function byLogs(items: readonly string[], missing: string): PaperItem {
  return items.length > 0 ? list(items) : gap(missing);
}
