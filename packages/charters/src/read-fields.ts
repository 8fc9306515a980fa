/** Reads the fields of a charter from a tree, whether it came from a file or from signed bytes. */
import { knownKeys, type MapNode, type Node, type Reading } from "@cairn/query-library/reading";
import { FEWEST_FOR_DECILES, type Charter } from "./charter.js";
import { FIELD_NAMES, FIELDS, KEYS } from "./fields.js";

/** The charter that a map holds; undefined, with the problems recorded, where something is wrong, missing or strange. */
export function readFields(root: MapNode, at: Reading): Charter | undefined {
  if (!printsAsWritten(root, at)) return undefined;
  let whole = knownKeys(root, KEYS, at, "charter");
  const read: Record<string, unknown> = {};
  for (const name of FIELD_NAMES) {
    const { key, absent, reader } = FIELDS[name];
    const entry = root.entries.get(key);
    if (entry !== undefined) read[name] = reader.read(entry.value, at);
    else if ("value" in absent) read[name] = absent.value;
    else at.problems.add(root.line, "missing-key", absent.words);
    whole &&= read[name] !== undefined;
  }
  checkTogether(read, root, at);
  return whole ? (read as unknown as Charter) : undefined;
}

/** What each field says must not be undone by another; judged as far as both could be read. */
function checkTogether(is: Partial<Charter>, root: MapNode, { problems }: Reading): void {
  const lineOf = (name: keyof Charter): number => root.entries.get(FIELDS[name].key)?.line ?? root.line;
  if (is.peers === "none" && is.view === "strip") {
    const words =
      "`peers: none` shows no dot, and a strip is dots; write `view: deciles`, or `peers: unidentified`.";
    problems.add(lineOf("view"), "contradiction", words);
  }
  if (is.peers === "none" && Object.values(is.sees ?? {}).includes("named")) {
    const words = "`peers: none` shows no practice, and a role sees practices by name; write `group` for it.";
    problems.add(lineOf("sees"), "contradiction", words);
  }
  const ofDeciles = is.view === "deciles" || is.view === "report";
  if (ofDeciles && is.contributors !== undefined && is.contributors < FEWEST_FOR_DECILES) {
    const words = `Deciles are of ${FEWEST_FOR_DECILES} practices or more; write \`contributors: ${FEWEST_FOR_DECILES}\`, or another \`view\`.`;
    problems.add(lineOf("contributors"), "contradiction", words);
  }
}

/** Whether every word, keys too, holds only characters that print: they reach terminals, pages and printed exports. */
function printsAsWritten(node: Node, at: Reading): boolean {
  const strange = [...wordsIn(node)].filter(([text]) => /[^\P{C}\n]/u.test(text));
  for (const [, line] of strange) {
    const words = "There is a character here that does not print; write the line anew without it.";
    at.problems.add(line, "wrong-value", words);
  }
  return strange.length === 0;
}

function* wordsIn(node: Node): Generator<readonly [text: string, line: number]> {
  if (node.kind === "scalar") yield [String(node.value), node.line];
  else if (node.kind === "list") for (const item of node.items) yield* wordsIn(item);
  else
    for (const [key, { line, value }] of node.entries) {
      yield [key, line];
      yield* wordsIn(value);
    }
}
