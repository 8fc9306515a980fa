/** The account of a hub's log for one group: what it was asked, who decided, what came, who looked. */
import { splitNames } from "../names.js";
import type { UnreadEntry } from "../codec.js";
import { hubLog, type HubEntry, type HubEntryOf } from "../hub-log.js";
import { namedInLook, type NamedInLook } from "../named-in-look.js";
import {
  counted,
  dateWords,
  shortRun,
  lineFacts,
  whomWords,
  whichRelease,
  type QueryName,
  type ReportLine,
  type LineFacts,
} from "./lines.js";
import { PEOPLE_WORDS } from "./people-words.js";
import { HubNames } from "./hub-names.js";

/** A run that the group asked for: facts which stand beside the log. */
export interface GroupRun extends QueryName {
  readonly date: string; // ISO
  /** Bytes of each release that the hub holds, by its digest (hex). */
  readonly sizes: ReadonlyMap<string, number>;
}

type Kinds = typeof hubLog;
type BodyOf<P extends keyof Kinds> = HubEntryOf<P>["body"];
/** A line for every kind, or null where it is not about the group: a new kind needs one. */
type Words = { readonly [P in keyof Kinds]: (body: BodyOf<P>, about: About) => LineFacts | null };

interface About {
  readonly group: string;
  readonly names: HubNames;
  readonly runs: ReadonlyMap<string, GroupRun>;
  /** Whom the entry names, where it is a look by name. */
  readonly named: NamedInLook | null;
}

/**
 * Makes the lines of a hub's log that concern a group, or every group. A release that a practice gave to other groups
 * alone is none of this one's, although the group asked for its run too.
 * @param entries of all logs that followed one another, in their order.
 * @param runs those that the group asked for.
 */
export function hubLines(
  entries: Iterable<HubEntry | UnreadEntry>,
  group: string,
  runs: ReadonlyMap<string, GroupRun>,
): ReportLine[] {
  const all = [...entries];
  const others = givenToOthers(all, group);
  const own = new Map([...runs].filter(([run]) => !others.has(run)));
  const about = { group, names: new HubNames(all), runs: own, named: null };
  const byKind = new Map(
    Object.entries(hubLog).map(([name, { kind }]) => [kind, WORDS[name as keyof Kinds]]),
  );
  const lines: ReportLine[] = [];
  for (const [at, entry] of all.entries()) {
    const { position, time } = entry;
    if (entry.kind === null) {
      lines.push({ ...lineFacts("trust", `an entry cannot be read: ${entry.words}`), position, time });
      continue;
    }
    about.names.learn(entry);
    const words = byKind.get(entry.kind) as
      ((body: HubEntry["body"], about: About) => LineFacts | null) | undefined;
    const line = words?.(entry.body, { ...about, named: namedInLook(all, at) });
    if (line) lines.push({ ...line, position, time });
  }
  return lines;
}

/** The runs whose releases groups were given leave to see, and this group never. */
function givenToOthers(entries: readonly (HubEntry | UnreadEntry)[], group: string): Set<string> {
  const others = new Set<string>();
  const own = new Set<string>();
  for (const entry of entries)
    if (entry.kind === hubLog.useReceived.kind) {
      const { run, group: given } = entry.body;
      (given === group ? own : others).add(run);
    }
  return new Set([...others].filter((run) => !own.has(run)));
}

type Sent = BodyOf<"releaseReceived"> | BodyOf<"releaseWithdrawn">;

const WORDS: Words = {
  logContinues: ({ size }) =>
    lineFacts(
      "trust",
      `the hub was restored, and its log goes on after one of ${counted(size, "entry", "entries")}`,
    ),
  practiceInvited: ({ practice, groups, by }, { group }) =>
    mentions(groups, group) ? lineFacts("decided", `invited ${practice}`, { by }) : null,
  practiceRenamed: ({ practice, from, to, by }, about) =>
    ofPractice(about, practice, lineFacts("decided", `renamed ${from} to ${to}`, { by })),
  practiceForgotten: ({ name, groups, by }, { group }) =>
    mentions(groups, group) ? lineFacts("decided", `had the hub forget ${name}`, { by }) : null,
  groupJoined: ({ name, group: joined, by }, { group }) =>
    joined === group ? lineFacts("decided", `added ${name} to the group`, { by }) : null,
  groupLeft: ({ name, group: left, by }, { group }) =>
    left === group ? lineFacts("decided", `took ${name} out of the group`, { by }) : null,
  agentEnrolled: ({ practice, fingerprint }, about) =>
    ofPractice(
      about,
      practice,
      lineFacts(
        "trust",
        `an agent of ${about.names.practice(practice)} asked to be admitted, with the fingerprint ${fingerprint}`,
      ),
    ),
  agentAdmitted: ({ agent, practice, fingerprint, by }, about) =>
    ofAgent(
      about,
      agent,
      lineFacts("decided", `admitted the agent of ${practice}, with the fingerprint ${fingerprint}`, { by }),
    ),
  agentRevoked: ({ agent, why, by }, about) =>
    ofAgent(
      about,
      agent,
      lineFacts("decided", `locked out an agent of ${about.names.ofAgent(agent)} (${why})`, { by }),
    ),
  agentRenewed: ({ agent }, about) =>
    ofAgent(
      about,
      agent,
      lineFacts("trust", `the agent of ${about.names.ofAgent(agent)} renewed its certificate`),
    ),
  libraryPublished: ({ version, digest, signers, by }) =>
    lineFacts("decided", `published library ${version}${signers ? `, signed by ${signers}` : ""}`, {
      by,
      digest,
    }),
  charterPublished: ({ group: of, charter, library }, { group }) =>
    of === group
      ? lineFacts("decided", `the library ${library} brought the group's charter into force`, {
          digest: charter,
        })
      : null,
  charterEnded: ({ group: of, library }, { group }) =>
    of === group
      ? lineFacts("decided", `the library ${library} holds no charter of the group any more`)
      : null,
  rootReplaced: ({ library_root: digest, by }) =>
    lineFacts("trust", "published a library under a new root, which each practice has to trust anew", {
      by,
      digest,
    }),
  scheduleAdded: ({ schedule, group: asked, queries, every, by }, { group }) =>
    asked === group
      ? lineFacts("decided", `added schedule ${schedule}: ${queries}, every ${every}`, { by })
      : null,
  schedulePaused: ({ schedule, by }, about) =>
    ofSchedule(about, schedule, lineFacts("decided", `paused schedule ${schedule}`, { by })),
  scheduleResumed: ({ schedule, by }, about) =>
    ofSchedule(about, schedule, lineFacts("decided", `resumed schedule ${schedule}`, { by })),
  scheduleSkipped: ({ schedule, query, reason }, about) =>
    ofSchedule(
      about,
      schedule,
      lineFacts("asked", `schedule ${schedule} did not ask${query === null ? "" : ` ${query}`} (${reason})`),
    ),
  collectionOpened: ({ group: asked, query, version, digest, date, members }, { group }) =>
    asked === group
      ? lineFacts("asked", `${query} ${version} for ${dateWords(date)} was asked of ${practices(members)}`, {
          query: { query, version, digest },
        })
      : null,
  pastDatesAsked: ({ group: asked, practice, collections }, { group, names }) =>
    asked === group
      ? lineFacts(
          "asked",
          `${names.practice(practice)} joined later and was asked for ${counted(collections, "past date")}`,
        )
      : null,
  collectionsEnded: ({ group: asked, collections, by }, { group }) =>
    asked === group
      ? lineFacts("decided", `ended ${counted(collections, "collection")} early`, { by })
      : null,
  collectionClosed: ({ collection, released, members }, { group, names }) => {
    const closed = names.collection(collection);
    if (closed?.group !== group) return null;
    return lineFacts(
      "asked",
      `${closed.query} for ${dateWords(closed.date)} was closed: ${released} of ${practices(members)} had released`,
      { question: closed.query },
    );
  },
  comparisonMade: ({ group: of, query, version, date, revision, digest }, { group }) =>
    of === group
      ? lineFacts(
          "asked",
          `the comparison of ${query} ${version} for ${dateWords(date)} was made, revision ${revision}`,
          { digest, question: query },
        )
      : null,
  noteWritten: ({ group: of, query, what, digest, by }, { group }) =>
    of === group ? lineFacts("decided", `wrote ${NOTES[what] ?? what} on ${query}`, { by, digest }) : null,
  planLookedAt: ({ group: of, query, outcome, by }, { group }) =>
    of === group ? lineFacts("decided", `looked at a plan on ${query} again: ${outcome}`, { by }) : null,
  questionsChosen: ({ group: of, queries, by }, { group }) =>
    of === group
      ? lineFacts("decided", `chose ${queries.replaceAll(",", ", ") || "no question"} to look at first`, {
          by,
        })
      : null,
  referencesImported: ({ references, digest, by }) =>
    lineFacts("decided", `took in ${counted(references, "published reference")}`, { by, digest }),
  releaseReceived: (body, about) => ofRun(about, body, (what) => `${what} came`, "release"),
  releaseConflict: ({ run, digest }, { runs }) =>
    runs.has(run)
      ? lineFacts("released", `a second, different release of run ${shortRun(run)} was refused`, { digest })
      : null,
  releaseWithdrawn: (body, about) => ofRun(about, body, (what) => `${what} was withdrawn`, "withdrawal"),
  correctionAllowed: (body, about) => ofRun(about, body, (what) => `a correction was allowed of ${what}`),
  useReceived: (body, about) =>
    body.group === about.group
      ? ofRun(about, body, (what) => `the group was given leave to see ${what}`)
      : null,
  useEnded: (body, about) =>
    body.group === about.group ? ofRun(about, body, (what) => `the group may no longer see ${what}`) : null,
  hubIssuerReplaced: ({ certificate, stolen, by }) =>
    lineFacts(
      "trust",
      `let another issuer sign the agents' certificates${stolen ? ", as the key of the one before is in other hands" : ""}`,
      { by, digest: certificate },
    ),
  hubRootAdded: ({ certificate, by }) =>
    lineFacts("trust", "made the next root by which agents know the hub", { by, digest: certificate }),
  hubRootDropped: ({ certificate, left_out: leftOut, by }) =>
    lineFacts(
      "trust",
      `dropped the root by which agents knew the hub before${leftOut > 0 ? `, and left out ${counted(leftOut, "practice")}` : ""}`,
      { by, digest: certificate },
    ),
  consentReceived: ({ practice, group: of, to, until }, { group, names }) =>
    of === group
      ? lineFacts(
          "decided",
          `${names.practice(practice)} consented to be named to ${whomWords(to)} of the group, until ${dateWords(until)}`,
          { by: names.practice(practice) },
        )
      : null,
  consentEnded: ({ practice, group: of, to }, { group, names }) =>
    of === group
      ? lineFacts(
          "decided",
          `the consent of ${names.practice(practice)} to be named to ${whomWords(to)} of the group ended`,
          { by: names.practice(practice) },
        )
      : null,
  providerSet: ({ issuer, by }) =>
    lineFacts("decided", `set where people sign in elsewhere: ${issuer}`, { by }),
  accountPassedOn: ({ from, to }, about) =>
    ofPerson(
      about,
      to,
      lineFacts("accounts", `the account elsewhere of ${from}, who is disabled, was bound to ${to}`),
    ),
  comparisonViewed: ({ group: of, query, date, purpose, shown, by }, { group, names, named }) =>
    of === group
      ? lineFacts(
          "seen",
          `looked at ${lookedAt(query, date)} (${SHOWN[shown] ?? shown}${namedWords(names, named)}), for: ${purpose}`,
          {
            by: by ?? "somebody at the hub's machine, before anybody had an account",
            counts: "look",
          },
        )
      : null,
  practiceNamed: () => null, // told with its look
  logViewed: ({ shown, purpose, by }) =>
    lineFacts("seen", `took away ${TAKEN[shown] ?? shown}, for: ${purpose}`, { by, counts: "look" }),
  personAdded: (body, { group }) => (mentions(body.groups, group) ? PEOPLE_WORDS.personAdded(body) : null),
  personDisabled: (body, about) => ofPerson(about, body.person, PEOPLE_WORDS.personDisabled(body)),
  personLinked: (body, about) => ofPerson(about, body.person, PEOPLE_WORDS.personLinked(body)),
  accountSet: (body, about) => ofPerson(about, body.person, PEOPLE_WORDS.accountSet(body)),
  signedIn: (body, about) => ofPerson(about, body.person, PEOPLE_WORDS.signedIn(body)),
  signInRefused: (body, about) => ofPerson(about, body.person, PEOPLE_WORDS.signInRefused(body)),
  signInsRefused: (body, about) => ofPerson(about, body.person, PEOPLE_WORDS.signInsRefused(body)),
  signedOut: (body, about) => ofPerson(about, body.person, PEOPLE_WORDS.signedOut(body)),
};

/** Those that were named by their consent: ": A, B", and how many more this export does not tell. */
function namedWords(names: HubNames, named: NamedInLook | null): string {
  if (named === null || named.practices.length + named.untold === 0) return "";
  const told = named.practices.map((id) => names.practice(id)).toSorted();
  const untold = named.untold === 0 ? [] : [`${practices(named.untold)} whose name is sealed in this export`];
  return `: ${[...told, ...untold].join(", ")}`;
}

const SHOWN: Readonly<Record<string, string>> = {
  figures: "the group's figures",
  dots: "its practices as dots",
  names: "its practices by name",
};

const TAKEN: Readonly<Record<string, string>> = {
  log: "the hub's log",
  "log with releases": "the hub's log, with every release",
  "sealed log": "the hub's log, sealed for one practice",
  "sealed log with releases": "the hub's log, sealed for one practice, with that practice's releases",
  digests: "the digests of what the hub holds",
};

const NOTES: Readonly<Record<string, string>> = {
  note: "a note",
  aim: "an aim",
  "test-of-change": "a test of change",
};

/** Whether a list of groups, as entries hold it, has the group. An empty one is of every group. */
function mentions(groups: string, group: string): boolean {
  return groups === "" || splitNames(groups).includes(group);
}

function ofPractice({ group, names }: About, practice: string, line: LineFacts): LineFacts | null {
  return names.wasIn(names.practice(practice), group) ? line : null;
}

function ofAgent({ group, names }: About, agent: string, line: LineFacts): LineFacts | null {
  return names.wasIn(names.ofAgent(agent), group) ? line : null;
}

function ofSchedule({ group, names }: About, schedule: number, line: LineFacts): LineFacts | null {
  return names.schedule(schedule) === group ? line : null;
}

/** Nobody's name was typed: that is about every group. */
function ofPerson({ group, names }: About, person: string | null, line: LineFacts): LineFacts | null {
  return person === null || mentions(names.groupsOf(person), group) ? line : null;
}

function ofRun(
  { runs, names }: About,
  body: Sent,
  words: (what: string) => string,
  counts: "release" | "withdrawal" | null = null,
): LineFacts | null {
  const { run, practice, digest, correction } = body;
  const asked = runs.get(run);
  if (!asked) return null;
  const { query, version, date, sizes } = asked;
  const size = digest === null ? undefined : sizes.get(digest);
  const whose = practice === null ? "" : ` of ${names.practice(practice)}`;
  const bytes = size === undefined ? "" : `, ${counted(size, "byte")}`;
  const what = `${query} ${version} for ${dateWords(date)}${whose} (run ${shortRun(run)}${whichRelease(correction)}${bytes})`;
  return lineFacts("released", words(what), {
    by: practice === null ? null : names.practice(practice),
    ...{ digest, run, counts },
    query: { query, version, digest: asked.digest },
  });
}

function lookedAt(query: string | null, date: string | null): string {
  if (query === null) return "the group's overview";
  return date === null ? `${query} at several dates` : `${query} for ${dateWords(date)}`;
}

function practices(n: number): string {
  return counted(n, "practice");
}
