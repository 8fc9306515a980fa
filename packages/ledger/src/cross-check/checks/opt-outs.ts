/**
 * People with a type 1 opt-out in their record are counted only where practice, charter and query all say so, and for one reference date in all
 * that left or in nothing.
 */
import type { BesideContent } from "../../beside.js";
import type { PracticeEntryOf } from "../../practice-log.js";
import { fact, releaseName, type Facts, type Findings } from "../findings.js";
import type { HubSide, PracticeSide } from "../sides.js";
import type { OwnRelease, ReceivedRelease } from "./releases.js";

type Released = PracticeEntryOf<"released">;

const isCounted = ({ body }: Released): boolean => body.opt_outs === "counted";

/**
 * Names each release that counts people with a type 1 opt-out in their record where the practice had not chosen it for that date, where its query
 * leaves them out, where what left before for the date is made otherwise, or where nothing had and a group that the
 * practice was in leaves them out; and each use of one under a charter that leaves them out. Notes how many uses and
 * releases could not be judged, and how many releases do not say it though the practice's version did.
 */
export function checkOptOuts(found: Findings, { name, log }: PracticeSide, beside: BesideContent): void {
  const choices: { readonly after: string; readonly choice: string }[] = [];
  const counted = new Map<string, Released>(); // by release
  const dates = new Map<string, boolean>(); // whether what left for a date counts them
  const groups = new Map<string, string>(); // that the practice is in: the charter it accepted, "" for none
  const named = new Set<string>(); // releases with groups
  let untold = 0;
  let isSaid = false; // from the first release on that says which it is
  let unsaid = 0;
  for (const entry of log.entries) {
    if (entry.kind === "opt-outs-chosen") choices.push(entry.body);
    if (entry.kind === "restored") choices.length = 0; // a keeper from a backup forgets what was chosen
    if (entry.kind === "group-joined") groups.set(entry.body.group, groups.get(entry.body.group) ?? "");
    if (entry.kind === "charter-accepted") groups.set(entry.body.group, entry.body.charter);
    if (entry.kind === "group-left") groups.delete(entry.body.group);
    if (entry.kind === "released" && entry.body.opt_outs === null && isSaid) unsaid += 1;
    if (entry.kind === "released" && entry.body.opt_outs !== null) {
      isSaid = true;
      const { run, query, date } = entry.body;
      const at = { entry: entry.position, run };
      const is = isCounted(entry);
      const problem = (words: string): void => found.problem("opt-outs-not-agreed", name, words, at);
      if ((dates.get(date) ?? is) !== is)
        problem(
          `of what left for ${date}, ${query} ${is ? "counts" : "leaves out"} people with a type 1 opt-out in their record, and what left before does the opposite`,
        );
      const isFirst = !dates.has(date);
      dates.set(date, is);
      if (!is) continue;
      counted.set(releaseName(entry), entry);
      if (choices.findLast(({ after }) => after < date)?.choice !== "counted")
        problem(
          `${query} counts people with a type 1 opt-out in their record, which nobody at the practice had chosen for ${date}`,
        );
      const library = beside.library(entry.body.library_digest);
      if (library === null) untold += 1;
      else if (library.queries.get(entry.body.query_digest)?.optOuts !== undefined)
        problem(
          `${query} counts people with a type 1 opt-out in their record, and the query says that they are left out`,
        );
      for (const [group, digest] of isFirst ? groups : []) {
        const charter = beside.charters.get(digest);
        if (charter?.optOuts === "counted" || (digest !== "" && !charter)) continue;
        named.add(`${releaseName(entry)} ${group}`);
        problem(
          `${query} counts people with a type 1 opt-out in their record, and the practice was in ${group} ${underWords(charter, digest)}`,
        );
      }
    }
    if (entry.kind !== "use" || !counted.has(releaseName(entry))) continue;
    if (named.has(`${releaseName(entry)} ${entry.body.group}`)) continue;
    const { run, group, query, charter: digest } = entry.body;
    const charter = beside.charters.get(digest);
    if (digest !== "" && !charter) untold += 1;
    else if (charter?.optOuts !== "counted")
      found.problem(
        "opt-outs-not-agreed",
        name,
        `it gives ${group} a use of ${query}, which counts people with a type 1 opt-out in their record, ${underWords(charter, digest)}`,
        { entry: entry.position, run },
      );
  }
  if (unsaid > 0)
    found.note(
      `Not said: ${name} does not say of ${unsaid === 1 ? "1 release" : `${unsaid} releases`} whether people with a type 1 opt-out in their record are counted, and said it of an earlier one.`,
    );
  if (untold > 0)
    found.note(
      `Not checked: whether people with a type 1 opt-out in their record might be counted in ${untold === 1 ? "1 release or use" : `${untold} releases or uses`} of ${name}: a charter or a library that its log names is beside neither log.`,
    );
}

function underWords(charter: unknown, digest: string): string {
  return charter
    ? `under the charter ${digest.slice(0, 16)}, which leaves them out`
    : "under no charter, and so leaves them out";
}

/** The signed statement of a release, by what the practice's log says of it. */
const SIGNED: Readonly<Record<string, string>> = {
  "left-out": "OPT_OUTS_LEFT_OUT",
  counted: "OPT_OUTS_COUNTED_BY_CHOICE",
};

/** The signed statement of releases from before people with a type 1 opt-out were left out. */
const SIGNED_BEFORE = "OPT_OUTS_COUNTED";

/**
 * Names each release of which the practice's log says another thing than the release that the hub holds, and each use under
 * a charter that leaves people with a type 1 opt-out out of one that is signed as from before anybody was left out.
 */
export function checkSignedOptOuts(
  found: Findings,
  hub: HubSide,
  { name, log }: PracticeSide,
  received: ReadonlyMap<ReceivedRelease, OwnRelease>,
  beside: BesideContent,
): void {
  const lines = (hub.said.beside.get("release") ?? []).map((line) => (line ?? {}) as Facts);
  const held = new Map(lines.map((line) => [`${fact(line, "run")} ${fact(line, "correction")}`, line]));
  for (const entry of log.entries) {
    if (entry.kind !== "use") continue;
    const line = held.get(`${entry.body.run} ${entry.body.correction}`);
    const charter = beside.charters.get(entry.body.charter);
    if (!line || fact(line, "optOuts") !== SIGNED_BEFORE || charter?.optOuts !== "left-out") continue;
    const { run, group, query, charter: digest } = entry.body;
    found.problem(
      "opt-outs-not-agreed",
      name,
      `it gives ${group} a use of ${query} ${underWords(charter, digest)}, and the release is signed as one from before anybody was left out`,
      { entry: entry.position, run },
    );
  }
  for (const [entry, own] of received) {
    const line = held.get(`${entry.body.run} ${entry.body.correction}`);
    if (!line || own.kind !== "released" || own.body.opt_outs === null) continue;
    if (fact(line, "optOuts") === SIGNED[own.body.opt_outs]) continue;
    found.problem(
      "opt-outs-not-agreed",
      hub.name,
      `the release that it holds says of people with a type 1 opt-out in their record ${fact(line, "optOuts")}, and the practice's log says ${own.body.opt_outs}`,
      { entry: entry.position, run: entry.body.run },
    );
  }
}
