/** A group's comparison on a terminal of 80 columns: for the hub's operator with every practice, or without names. */
import {
  share,
  releasedIn,
  type CollectedAnswers,
  type MemberCell,
  groupFigure,
  linesOf,
  madeCounts,
  TOO_CLOSE,
  modelOf,
  spreadOf,
  type ComparisonModel,
  optOutWords,
  absences,
  absenceWords,
  BOTH_NUMBERS,
  carriedWords,
  joinerWords,
  noMiddleWords,
  percentOrNot,
  releasedWords,
  sumWords,
} from "@cairn/comparisons";
import { count, longDate, percent, wrap } from "@cairn/text";
import type { Hub } from "../hub.js";
import { collected, collectionsOf } from "./collected.js";
import { purposeLines } from "../library/charters.js";
import { knownGroup, notYet } from "./json.js";
import type { Look } from "./looks.js";

/** The comparison of each query's newest date as text. @throws HubError group-unknown */
export async function comparisonText(hub: Hub, group: string, shown: Look["shown"]): Promise<string> {
  await knownGroup(hub, group);
  const newest = new Map(
    (await collectionsOf(hub, group)).map((collection) => [collection.query, collection]),
  );
  const charter = await purposeLines(hub.store.db, group);
  const parts =
    charter.length === 0 ? [] : [charter.flatMap((line) => wrap(line, { rest: "    " })).join("\n")];
  if (newest.size === 0) return [...parts, `Nothing is asked of ${group} yet.`].join("\n\n");
  for (const collection of newest.values()) parts.push(block(await collected(hub, collection), shown));
  if (parts.some((part) => /\bboth\s+numbers\b/.test(part)))
    parts.push(wrap(BOTH_NUMBERS, { rest: "    " }).join("\n"));
  return parts.join("\n\n");
}

function block(found: CollectedAnswers, shown: Look["shown"]): string {
  const model = modelOf(found);
  const group =
    shown === "names"
      ? groupFigure(found, 0)
      : (model.cells.find(({ position }) => position === 0)?.figure ?? { state: notYet(model) });
  const middle = group.median
    ? `middle of the group ${percentOrNot(group.median) ?? "cannot tell"}`
    : (noMiddleWords(model) ?? "");
  const together = group.median ? [`together: ${sumWords(group)}`] : [];
  const lines = shown === "names" ? practiceLines(found) : shown === "dots" ? dotLines(model) : [];
  const missing = absences(model.practices);
  return [
    found.query.title,
    `${longDate(found.date)}: ${releasedWords(releasedIn(found).length, group, ` of ${found.members.length} practices`)}; ${middle}`,
    ...together,
    ...lines,
    ...(missing.length > 0 ? [`${missing.join("; ")}.`] : []),
    ...joinerWords(model.practices),
    ...(found.shown === "sums-alone"
      ? [`The group's pages show its sums alone: dots and middles are not shown, for ${TOO_CLOSE}.`]
      : []),
    optOutWords(madeCounts(found).opt_outs) ?? [],
  ]
    .flat()
    .flatMap((line) => wrap(line, { rest: "    " }))
    .join("\n");
}

/** Every practice's own line, by name. */
function practiceLines(found: CollectedAnswers): string[] {
  const practices = linesOf(found);
  const widest = Math.max(...practices.map(({ name }) => name.length), 0);
  return practices.map(
    ({ name, state, alarm, released, corrected, joinedLater }) =>
      `  ${name.padEnd(widest)}  ${released?.[0] ? shareText(found, released[0]) : absenceWords(state, alarm ?? null)}${corrected ? ", corrected" : ""}${joinedLater ? ", joined later" : ""}`,
  );
}

/** The practices without names, from low to high, or why they are not shown. */
function dotLines(model: ComparisonModel): string[] {
  const spread = spreadOf(model, "dots");
  if (spread.as === "words") return spread.lines.map((line) => `  ${line}`);
  return [`  each practice, without its name: ${spread.dots.map((dot) => percent(dot / 100)).join(", ")}`];
}

function shareText(found: CollectedAnswers, { denominator, numerator }: MemberCell): string {
  if (denominator === "withheld") return "withheld";
  const ago = denominator.carried ?? 0;
  const carried = ago > 0 ? `, ${carriedWords(found.query, found.date, ago)}` : "";
  const of = `of ${denominator.low === denominator.high ? "" : "about "}${count(denominator.value)}${carried}`;
  if (numerator === "withheld") return `withheld ${of}`;
  const part = share({ practice: "", denominator, numerator });
  if (!part) return `0 ${of}`;
  return `${(percentOrNot(part) ?? "cannot tell").padStart(12)}  ${count(numerator.value)} ${of}`;
}
