/** `try`: what others did about the question, for a meeting to talk about. It says nothing of what is counted. */
import type { TriedChange } from "../query.js";
import { form, optional, required } from "./form.js";
import { text, type Kind } from "./kinds.js";

const MOST = 3;
const WORDS =
  "Write one to three, each `- {what: ..., source: ...}`, with `url: https://...` where there is one.";
const PRINTS = /^[^\p{C}\p{Zl}\p{Zp}]+$/u;
const ADDRESS = /^https:\/\/([a-z0-9-]+\.)+[a-z][a-z0-9-]*\/[!-~]*$/;
const LONGEST_ADDRESS = 200;

/** One line of text of at most so many characters, all of which print. */
function line(most: number): Kind<string> {
  const any = text(most);
  return {
    schema: { type: "string", minLength: 1, maxLength: most, pattern: PRINTS.source },
    read(node, at) {
      const written = any.read(node, at);
      if (written === undefined || PRINTS.test(written)) return written;
      return at.problems.add(node.line, "wrong-value", "Write one line of characters that print.");
    },
  };
}

/** An address of the web at a named host, of printable ASCII, without a user or a port. */
const address: Kind<string> = {
  schema: { type: "string", maxLength: LONGEST_ADDRESS, pattern: ADDRESS.source },
  read(node, at) {
    const written = node.kind === "scalar" && typeof node.value === "string" ? node.value : "";
    if (written.length <= LONGEST_ADDRESS && ADDRESS.test(written)) return written;
    const words = `Write a whole address of at most ${LONGEST_ADDRESS} characters: \`url: https://doi.org/...\`.`;
    return at.problems.add(node.line, "wrong-value", words);
  },
};

const CHANGE = form(
  "try",
  {
    what: required(line(200), "Say what they did: `what: ...`."),
    source: required(line(200), "Say where that is published: `source: ...`."),
    url: optional(address),
  },
  ({ what, source, url }): TriedChange => ({ what, source, url: url ?? null }),
);

export const tried: Kind<readonly TriedChange[]> = {
  schema: { type: "array", items: CHANGE.schema, minItems: 1, maxItems: MOST },
  read(node, at) {
    if (node.kind !== "list" || node.items.length === 0 || node.items.length > MOST)
      return at.problems.add(node.line, "wrong-value", WORDS);
    const read = node.items.map((item) =>
      item.kind === "map" ? CHANGE.read(item, at) : at.problems.add(item.line, "wrong-value", WORDS),
    );
    const good = read.filter((change) => change !== undefined);
    return good.length === read.length ? good : undefined;
  },
};
