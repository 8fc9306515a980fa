/** Practices to invite, as an operator keeps them in a spreadsheet: CSV of `practice,group`. */
import { csvRows, type CsvProblem } from "../csv.js";
import type { InvitationRequest } from "./invite.js";
import { inPlain, requireName } from "./names.js";

interface Listed extends InvitationRequest {
  readonly line: number;
}

const COLUMNS = ["practice", "group"] as const;
const HEADER =
  'the first line names the columns, with a comma between: practice,group (several groups as "north; board")';
const MOST = 10_000;

/**
 * Reads a list of practices with their groups. Other columns are ignored and named.
 * @returns the practices, or every problem with its line
 */
export function readInvitations(
  text: string,
):
  | { readonly wanted: readonly Listed[]; readonly unread: readonly string[] }
  | { readonly problems: readonly CsvProblem[] } {
  const rows = csvRows(text);
  if ("problems" in rows) return rows;
  const [header, ...body] = rows.rows;
  const names = header?.fields.map((name) => name.toLowerCase()) ?? [];
  const [practice, group] = COLUMNS.map((name) => names.indexOf(name)) as [number, number];
  if (practice < 0 || group < 0) return { problems: [{ line: header?.line ?? 1, words: HEADER }] };
  if (body.length === 0) return { problems: [{ line: 1, words: "there is no practice in it" }] };
  if (body.length > MOST) return { problems: [{ line: 1, words: `it has more than ${MOST} lines` }] };
  const first = new Map<string, number>();
  const problems: CsvProblem[] = [];
  const wanted = body.map(({ line, fields }) => {
    const name = fields[practice] ?? "";
    const groups = [...new Set((fields[group] ?? "").split(";").map((one) => one.trim()))].filter(
      (one) => one !== "",
    );
    const wrong = (words: string): void => void problems.push({ line, words });
    if (fields.length !== names.length)
      wrong(
        `it has ${fields.length} fields and the first line ${names.length}: put a name with a comma in quotation marks`,
      );
    else if (name === "") wrong("the practice has no name");
    else if (groups.length === 0) wrong(`${inPlain(name)} has no group`);
    else {
      for (const why of namesWrong(name, groups)) wrong(why);
      const before = first.get(name);
      if (before !== undefined) wrong(`${inPlain(name)} is in line ${before} already`);
      first.set(name, before ?? line);
    }
    return { line, practice: name, groups };
  });
  if (problems.length > 0) return { problems };
  return {
    wanted,
    unread: names.filter((name) => !(COLUMNS as readonly string[]).includes(name)).map(inPlain),
  };
}

function namesWrong(practice: string, groups: readonly string[]): string[] {
  const named = [["practice", practice] as const, ...groups.map((group) => ["group", group] as const)];
  return named.flatMap(([whose, name]) => {
    try {
      requireName(whose, name);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}
