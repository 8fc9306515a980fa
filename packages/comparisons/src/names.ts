/**
 * Practices of a comparison by name, for readers to whom they consented to be named. Pure.
 *
 * Of a named practice stands what its dot shows, and nothing else. Whoever knows who is in the group tells those without a
 * name by subtraction, from what was shown before too. So names are shown where none is without, or where at least three dots
 * never had one, at two places or more.
 */
import type { CollectedAnswers } from "./collected.js";
import { releasedIn } from "./collected.js";
import { cellOf, placed, signatureOf } from "./document-cell.js";

/** The consents to be named to a reader. */
export interface GroupConsents {
  /** By the practice's id, the last day (ISO). */
  readonly until: ReadonlyMap<string, string>;
  /** Whether nobody is named before every member consents: its ids. Null where each is named by its own consent. */
  readonly members: readonly string[] | null;
  /** The ids of those that were named in this comparison before, whether or not they consent now. */
  readonly before: ReadonlySet<string>;
}

/** Fewest dots that stand without a name while others have one. */
const FEWEST_WITHOUT = 3;

export type Names =
  | {
      readonly as: "names";
      /** By name, which says nothing of a value. */
      readonly practices: readonly {
        readonly practice: string; // id
        readonly name: string;
        readonly percent: number; // whole, as its dot stands
        readonly until: string; // ISO day
      }[];
    }
  | { readonly as: "words"; readonly words: string };

const NOT_NAMED = {
  "no-dots": "No practice is named: no dots are shown.",
  nobody: "No practice is named: of those with a dot, none has consented to be named to you.",
  "not-all": "No practice is named: by the charter they are named only while every one of them consents.",
  last: "No practice is named: fewer than three that never were would stand without a name, or all at one place, and could be told by that.",
} as const;

/** Makes the names of everyone's cell, or says why there are none. */
export function namesOf(found: CollectedAnswers, { until, members, before }: GroupConsents): Names {
  if (found.closedAt === null || found.shown !== "all" || typeof cellOf(found, 0).dots === "string")
    return notNamed("no-dots");
  const all = releasedIn(found);
  if (
    members !== null &&
    ![...members, ...all.map(({ practice }) => practice)].every((one) => until.has(one))
  )
    return notNamed("not-all");
  const dots = all.flatMap((member) => {
    const { place } = placed(member.released[0]!, signatureOf(member), found.group, 0);
    return typeof place === "number"
      ? [{ practice: member.practice, name: member.name, percent: place }]
      : [];
  });
  const practices = dots.flatMap((dot) => {
    const day = until.get(dot.practice);
    return day === undefined ? [] : [{ ...dot, until: day }];
  });
  if (practices.length === 0) return notNamed("nobody");
  const isAnyWithout = all.some(({ practice }) => !until.has(practice));
  const without = dots.filter(({ practice }) => !until.has(practice) && !before.has(practice));
  const places = new Set(without.map(({ percent }) => percent)).size;
  if (isAnyWithout && (without.length < FEWEST_WITHOUT || places < 2)) return notNamed("last");
  return { as: "names", practices: practices.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

function notNamed(why: keyof typeof NOT_NAMED): Names {
  return { as: "words", words: NOT_NAMED[why] };
}
