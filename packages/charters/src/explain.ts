/** A charter in plain English, of one screen: for a practice that accepts it, its officer, and pages. */
import { wrap } from "@cairn/text";
import { ROLE_NAMES, SIGHTS, type Charter, type CharterRole } from "./charter.js";
import * as words from "./words.js";

export interface CharterLine {
  readonly label: string;
  readonly says: string; // a sentence or more
}

/** Says a charter line by line, each with its label, in the order in which somebody asks. */
export function explainCharter(charter: Charter): CharterLine[] {
  const { lead, supporter, provider, notFor, contributors, keepFor } = charter;
  const lines: readonly (readonly [label: string, says: string | null])[] = [
    ["What for", charter.purpose],
    ["Not for", notFor ?? "The charter does not say."],
    ["Led by", lead],
    ["Supported by", supporter],
    ["Provider", provider],
    ["Who asks", sentence(words.roles(charter.asks))],
    ["Which questions", sentence(words.queries(charter.queries))],
    ["New questions", newQuestion(charter)],
    ...SIGHTS.toReversed().map((sight) => ["Who sees what", seenBy(charter, sight)] as const),
    ["Practices show", sentence(words.peers(charter.peers))],
    ["Opens", sentence(words.view(charter.view))],
    [
      "Figures",
      `Of the group once ${contributors} practices contribute. At a practice, ${words.floor(charter.floor)}, or more strictly where practice or question asks for it.`,
    ],
    [
      "Opted out",
      `People with a type 1 opt-out in their record ${words.optOuts(charter.optOuts)}. The national data opt-out is not in the record: only people on the practice's own list are left out for it.`,
    ],
    [
      "Kept",
      `${sentence(words.kept(keepFor))} Then whoever runs the hub deletes it: this version of Cairn does not do so by itself.`,
    ],
    ["Answers for it", charter.controller],
    ["Lawful basis", charter.lawfulBasis],
    ["Review", sentence(words.reviewed(charter.review))],
  ];
  return lines.flatMap(([label, says]) => (says === null ? [] : [{ label, says }]));
}

function newQuestion({ newQuery, witness }: Charter): string {
  const stricter = newQuery.rule === "ask" ? "" : " A practice may choose a stricter rule.";
  return `${sentence(words.rule(newQuery))} ${sentence(words.witness(witness))}${stricter}`;
}

/** Who sees so much; null where nobody does. */
function seenBy({ sees }: Charter, sight: (typeof SIGHTS)[number]): string | null {
  const roles = ROLE_NAMES.filter((role) => sees[role] === sight);
  if (roles.length === 0) return null;
  return sentence(`${words.roles(roles)}: ${words.sight(sight)}`);
}

/** Names those of a role in the group: as the charter calls them, "CEG facilitators", or else in words, "analysts". */
export function partyWords(
  charter: Pick<Charter, "lead" | "supporter" | "provider">,
  role: CharterRole,
): string {
  const parties: Partial<Record<CharterRole, string | null>> = {
    ...{ "cluster-lead": charter.lead, supporter: charter.supporter, provider: charter.provider },
  };
  return parties[role] ?? words.roles([role]);
}

/** Lists the roles that the charter lets see anything, each with what: "supporters: the group as a whole". */
export function recipients({ sees }: Pick<Charter, "sees">): string[] {
  return ROLE_NAMES.filter((role) => sees[role] !== "nothing").map(
    (role) => `${words.roles([role])}: ${words.sight(sees[role])}`,
  );
}

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`;

const LABEL_WIDTH = 17;

/** The explanation as text for a terminal, 80 characters wide. */
export function charterText(charter: Charter): string {
  const head = `${charter.group}, a charter of the kind ${charter.preset}`;
  let before = "";
  const lines = explainCharter(charter).flatMap(({ label, says }) => {
    const first = (label === before ? "" : label).padEnd(LABEL_WIDTH);
    before = label;
    return wrap(says, { first, rest: " ".repeat(LABEL_WIDTH) });
  });
  return [head, "", ...lines, ""].join("\n");
}
