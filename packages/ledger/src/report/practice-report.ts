/** The account of a practice's own log: what it was asked, who decided, what left, who looked. */
import type { UnreadEntry } from "../codec.js";
import { practiceLog, type PracticeEntry, type PracticeEntryOf } from "../practice-log.js";
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
import { ruleNamed } from "../rules.js";
import { PEOPLE_WORDS } from "./people-words.js";

type Kinds = typeof practiceLog;
type BodyOf<P extends keyof Kinds> = PracticeEntryOf<P>["body"];
/** A line for every kind: a new kind needs one. */
type Words = { readonly [P in keyof Kinds]: (body: BodyOf<P>, so: SoFar) => LineFacts };

/** Who accepted what before an entry, and what became of releases after theirs. */
interface SoFar extends Afterwards {
  readonly accepted: Map<string, string>; // who accepted a query last, by its name
  readonly rules: Map<string, string>; // who set a rule last, by the rule
}

/** What became of releases: one is made, and may then be held for a look. */
interface Afterwards {
  readonly approved: ReadonlyMap<string, string>; // who let a run go, by the run
  readonly left: ReadonlySet<string>; // run and digest of each release that was handed out
}

/** Makes the lines of a practice's log. @param entries of all of it, in its order */
export function practiceLines(entries: Iterable<PracticeEntry | UnreadEntry>): ReportLine[] {
  const all = [...entries];
  const so: SoFar = { accepted: new Map(), ...afterwards(all), rules: new Map() };
  const byKind = new Map(
    Object.entries(practiceLog).map(([name, { kind }]) => [kind, WORDS[name as keyof Kinds]]),
  );
  const lines: ReportLine[] = [];
  for (const entry of all) {
    const { position, time } = entry;
    if (entry.kind === null) {
      lines.push({ ...lineFacts("trust", `an entry cannot be read: ${entry.words}`), position, time });
      continue;
    }
    remember(so, entry);
    const words = byKind.get(entry.kind) as
      ((body: PracticeEntry["body"], so: SoFar) => LineFacts) | undefined;
    if (words) lines.push({ ...words(entry.body, so), position, time });
  }
  return lines;
}

function afterwards(entries: readonly (PracticeEntry | UnreadEntry)[]): Afterwards {
  const approved = new Map<string, string>();
  const left = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === practiceLog.releaseApproved.kind && entry.body.by !== null)
      approved.set(entry.body.run, entry.body.by);
    if (
      entry.kind === practiceLog.use.kind ||
      entry.kind === practiceLog.receipt.kind ||
      entry.kind === practiceLog.leftBeforeDeclined.kind
    )
      left.add(leaving(entry.body));
  }
  return { approved, left };
}

/** The name of one release of a run: two runs can release the same bytes. */
function leaving({ run, digest }: { readonly run: string; readonly digest: string }): string {
  return `${run} ${digest}`;
}

function remember({ accepted, rules }: SoFar, entry: PracticeEntry): void {
  if (entry.kind === practiceLog.ruleSet.kind && entry.body.by !== null)
    rules.set(ruleNamed(entry.body.rule), entry.body.by);
  if (entry.kind === practiceLog.queryAccepted.kind && entry.body.by !== null)
    accepted.set(entry.body.query, withSetter(entry.body.by, rules));
}

/** "rule accept-signed, set by Ann": where a rule accepted, the person who answers for the rule too. */
function withSetter(by: string, rules: ReadonlyMap<string, string>): string {
  const setter = by.startsWith("rule ") ? rules.get(ruleNamed(by.slice("rule ".length))) : undefined;
  return setter === undefined ? by : `${by}, set by ${setter}`;
}

interface OfRelease {
  readonly run: string;
  readonly correction: number;
  readonly digest: string;
  readonly query: string;
  readonly version: string;
  readonly query_digest: string;
  readonly date: string;
}

const AT_THE_MACHINE = "somebody at the machine, before anybody had an account";

const WORDS: Words = {
  made: () => lineFacts("trust", "the practice's key and log were made"),
  enrolled: ({ practice, by }) => lineFacts("decided", `enrolled at the hub as ${practice}`, { by }),
  libraryVerified: ({ version, signers }) =>
    lineFacts(
      "trust",
      `library ${version} was checked and is in force${signers ? `, signed by ${signers}` : ""}`,
    ),
  libraryRenewed: ({ version, expires }) =>
    lineFacts(
      "trust",
      `the hub said again that library ${version} is the newest, to ${expires.slice(0, 10)}`,
    ),
  rootTrusted: ({ library_root: root, by }) =>
    lineFacts("decided", `trusted another root of the library (${root.slice(0, 16)})`, { by }),
  libraryRefused: ({ code }) => lineFacts("trust", `a library was refused (${code})`),
  groupOffered: ({ group }) => lineFacts("asked", `the group ${group} asked to be accepted`),
  groupJoined: ({ group, by }) => lineFacts("decided", `accepted the group ${group}`, { by }),
  charterAccepted: ({ group, charter, by }) =>
    lineFacts("decided", `accepted the charter of ${group} (${charter.slice(0, 16)})`, { by }),
  groupLeft: ({ group, by }) => lineFacts("decided", `left the group ${group}`, { by }),
  queryOffered: ({ query, version, digest, group }) =>
    lineFacts("asked", `${group} asked ${query} ${version}`, { query: { query, version, digest } }),
  queryAccepted: ({ query, version, group, by }, { rules }) =>
    lineFacts("decided", `accepted ${query}${version === null ? "" : ` ${version}`}${towards(group)}`, {
      by: by && withSetter(by, rules),
    }),
  queryDeclined: ({ query, group, by }) => lineFacts("decided", `declined ${query}${towards(group)}`, { by }),
  ruleSet: ({ group, rule, by }) => lineFacts("decided", `set the rule for ${group} to ${rule}`, { by }),
  settingChanged: ({ setting, value, by }) =>
    lineFacts("decided", `set ${setting} to ${valueWords(value)}`, { by }),
  leftOutListSet: ({ by }) =>
    lineFacts("decided", "gave a new list of people to leave out of what leaves", { by }),
  optOutsChosen: ({ choice, after, by }) =>
    lineFacts(
      "decided",
      `chose that people with a type 1 opt-out in their record are ${choice === "counted" ? "counted where charters and questions let them be" : "left out"}, for reference dates after ${dateWords(after)}`,
      { by },
    ),
  paused: ({ by }) => lineFacts("decided", "paused everything", { by }),
  resumed: ({ by }) => lineFacts("decided", "ended the pause", { by }),
  recordsChanged: ({ covers_to }) =>
    lineFacts("records", `records were imported, complete to ${dateWords(covers_to)}`),
  recordsReplaced: () => lineFacts("records", "the practice's records were replaced by others"),
  runRefused: ({ query, date, code }) =>
    lineFacts("asked", `${query}${forDate(date)} was refused by rule (${code})`),
  moreRefused: ({ noted }) =>
    lineFacts(
      "asked",
      `more requests were refused after ${counted(noted, "request")} that are noted one by one`,
    ),
  runStarted: ({ run, query, date, attempt }) =>
    lineFacts(
      "asked",
      `${query}${forDate(date)} began to be answered${attempt > 1 ? `, attempt ${attempt}` : ""}`,
      { run, isStep: true },
    ),
  runDied: ({ query, date }) =>
    lineFacts("asked", `answering ${query}${forDate(date)} broke off, and nothing left`),
  runQuarantined: ({ query, date }) =>
    lineFacts("asked", `answering ${query}${forDate(date)} broke off twice, and waits for somebody here`),
  runRetried: ({ query, date, by }) =>
    lineFacts("decided", `had ${query}${forDate(date)} tried again`, { by }),
  released: (body, { accepted, approved, left }) =>
    lineFacts(
      "released",
      `${releaseWords(body)} was ${left.has(leaving(body)) ? "released" : "made and has not left"}: a table of ${counted(body.cells, "cell")}, ${counted(body.withheld, "cell")} with something withheld`,
      {
        ...aboutRelease(body),
        by: approved.get(body.run) ?? accepted.get(body.query) ?? null,
        counts: left.has(leaving(body)) ? "release" : null,
      },
    ),
  releaseApproved: ({ run, by }) =>
    lineFacts("decided", `let the held release of run ${shortRun(run)} go`, { by }),
  releaseKept: ({ run, by }) =>
    lineFacts("decided", `kept the held release of run ${shortRun(run)} here, for good`, { by }),
  receipt: ({ run, correction, digest }) =>
    lineFacts(
      "released",
      `the hub confirmed the release of run ${shortRun(run)}${whichRelease(correction)}`,
      { digest, run, isStep: true },
    ),
  leftBeforeDeclined: ({ query, date, digest }) =>
    lineFacts("released", `${query}${forDate(date)} had left before it was stopped or held`, { digest }),
  withdrawn: (body) =>
    lineFacts("released", `${releaseWords(body)} was withdrawn`, {
      ...aboutRelease(body),
      by: body.by,
      counts: "withdrawal",
    }),
  withdrawalReceipt: ({ run, digest }) =>
    lineFacts("released", `the hub confirmed that the release of run ${shortRun(run)} is withdrawn`, {
      ...{ digest, run, isStep: true },
    }),
  correctionAllowed: (body) =>
    lineFacts("decided", `allowed a corrected release of ${releaseWords(body)}`, {
      ...aboutRelease(body),
      by: body.by,
    }),
  use: (body) =>
    lineFacts("released", `${body.group} was given leave to see ${releaseWords(body)}`, {
      ...aboutRelease(body),
      to: body.group,
    }),
  useEnded: (body) =>
    lineFacts("released", `${body.group} may no longer see ${releaseWords(body)}`, {
      ...aboutRelease(body),
      by: body.by,
    }),
  useReceipt: ({ run, group, ended, digest }) =>
    lineFacts(
      "released",
      `the hub confirmed that ${group} ${ended ? "no longer sees" : "sees"} the release of run ${shortRun(run)}`,
      { digest, run, isStep: true },
    ),
  consentGiven: ({ group, to, until, by }) =>
    lineFacts("decided", `consented to be named to ${whomWords(to)} of ${group}, until ${dateWords(until)}`, {
      by,
    }),
  consentEnded: ({ group, to, by }) =>
    by === null
      ? lineFacts(
          "decided",
          `the consent to be named to ${whomWords(to)} of ${group} ended with its charter or group`,
        )
      : lineFacts("decided", `took back the consent to be named to ${whomWords(to)} of ${group}`, { by }),
  consentReceipt: ({ group, to, ended, digest }) =>
    lineFacts(
      "trust",
      `the hub confirmed the ${ended ? "end of the " : ""}consent to be named to ${whomWords(to)} of ${group}`,
      { digest, isStep: true },
    ),
  comparisonTaken: ({ group, query, version, date, digest, unlooked }) =>
    lineFacts(
      "trust",
      `the comparison of ${group} of ${query} ${version}${forDate(date)} came, was checked and kept${
        unlooked === null
          ? ""
          : `; this practice could not look for its own dots: ${UNLOOKED[unlooked] ?? unlooked}`
      }`,
      { digest, question: query, counts: unlooked === null ? null : "unlooked" },
    ),
  comparisonRefused: ({ code, group, query, date, digest }) =>
    lineFacts(
      "trust",
      group === null || query === null || date === null
        ? `a comparison that could not be read was refused (${code})`
        : `a comparison of ${group} of ${query}${forDate(date)} was refused (${code})`,
      { digest },
    ),
  comparisonViewed: ({ group, query, version, dates, purpose, by }) =>
    lineFacts(
      "seen",
      `looked at the comparison of ${group} of ${query} ${version}${forDates(dates)}, for: ${purpose}`,
      {
        by,
        counts: "look",
      },
    ),
  ownNumbersViewed: ({ query, version, by }) =>
    lineFacts(
      "seen",
      `looked at the practice's own numbers ${query === null ? "on the first page" : `of ${query} ${version ?? ""}`.trimEnd()}`,
      { by: by ?? AT_THE_MACHINE, counts: "look" },
    ),
  runViewed: ({ run, query, date, by }) =>
    lineFacts("seen", `looked at what leaves for ${query}${forDate(date)} (run ${shortRun(run)})`, {
      by: by ?? AT_THE_MACHINE,
      counts: "look",
    }),
  worklistViewed: ({ query, version, dates, by }) =>
    lineFacts("seen", `looked at the list of patients of ${query} ${version}${forDates(dates)}`, {
      by,
      counts: "look",
    }),
  logViewed: ({ shown, purpose, by }) =>
    lineFacts(
      "seen",
      `${shown === "export" ? "took the practice's log away" : "read the practice's log"}, for: ${purpose}`,
      { by, counts: "look" },
    ),
  ownNoteWritten: ({ query, note, digest, by }) =>
    lineFacts("decided", `wrote note ${note} of the practice's own on ${query}`, { by, digest }),
  ownNoteRemoved: ({ query, note, by }) =>
    lineFacts("decided", `removed note ${note} of the practice's own on ${query}`, { by }),
  checkpointCountersigned: ({ size }) =>
    lineFacts("trust", `the hub's log was checked and countersigned at ${counted(size, "entry", "entries")}`),
  checkpointRefused: ({ size }) =>
    lineFacts(
      "trust",
      `the hub showed a log of ${counted(size, "entry", "entries")} that does not follow from the one seen before, and was refused`,
    ),
  publicationWitnessed: ({ version, witnesses }) =>
    lineFacts(
      "trust",
      `the publication of library ${version} was proved, countersigned by ${witnesses || "nobody, as its policy says"}`,
    ),
  hubLogAccepted: ({ by }) => lineFacts("decided", "accepted the hub's new log after a restore", { by }),
  hubLogWentBack: ({ by, size }) =>
    lineFacts(
      "decided",
      `accepted that the hub goes on in the log seen before, after it showed one of ${counted(size, "entry", "entries")} that does not follow from it`,
      { by },
    ),
  historyBegins: () => lineFacts("trust", "the history of releases begins anew"),
  restored: () => lineFacts("trust", "the practice's agent was restored from a backup"),
  historyGivenBack: () => lineFacts("trust", "the hub gave back what it held of the practice's history"),
  releaseGivenBack: (body) =>
    lineFacts("trust", `given back after a restore: ${releaseWords(body)}`, aboutRelease(body)),
  useGivenBack: (body) =>
    lineFacts(
      "trust",
      `given back after a restore: the use of ${body.group} of ${releaseWords(body)}`,
      aboutRelease(body),
    ),
  withdrawalGivenBack: ({ run, digest }) =>
    lineFacts("trust", `given back after a restore: the withdrawal of run ${shortRun(run)}`, { digest }),
  correctionGivenBack: ({ run, digest }) =>
    lineFacts("trust", `given back after a restore: the leave to correct run ${shortRun(run)}`, { digest }),
  ...PEOPLE_WORDS,
};

function aboutRelease({ run, query, version, query_digest, digest }: OfRelease): {
  readonly run: string;
  readonly digest: string;
  readonly query: QueryName;
} {
  return { run, digest, query: { query, version, digest: query_digest } };
}

function releaseWords({ query, version, date, correction, run }: OfRelease): string {
  return `${query} ${version}${forDate(date)} (run ${shortRun(run)}${whichRelease(correction)})`;
}

function towards(group: string | null): string {
  return group === null ? " for all groups" : ` for ${group}`;
}

function forDate(date: string): string {
  return ` for ${dateWords(date)}`;
}

/** @param dates with spaces between */
function forDates(dates: string): string {
  const words = dates.split(" ").filter((each) => each !== "");
  return words.length === 0 ? "" : ` for ${words.map(dateWords).join(", ")}`;
}

function valueWords(value: string | boolean): string {
  if (typeof value === "string") return value;
  return value ? "on" : "off";
}

/** Why a practice could not look for its own dots, by the word in its log. */
const UNLOOKED: Readonly<Record<string, string>> = {
  "cannot-tell": "it cannot tell whether it released in time",
  "not-shown": "the hub shows none",
};
