/** The registers that a query names, written out: the engines see a condition, and the digest covers it. */
import type { Problems } from "../problem.js";
import type { Codelist, ListName, NamedRegister, Register } from "../query.js";
import { withLists } from "../walk.js";
import type { MapNode, Node } from "../yaml.js";

export const REGISTER = /^([a-z][a-z0-9-]{0,59})@([0-9][0-9a-z.-]*)$/;

/** The registers of one query, with the codelists that they bring. */
export class Registers {
  readonly #named: ReadonlyMap<string, NamedRegister>;
  readonly lists: ReadonlyMap<ListName, Codelist>;

  constructor(named: ReadonlyMap<string, NamedRegister>, lists: ReadonlyMap<ListName, Codelist>) {
    this.#named = named;
    this.lists = lists;
  }

  /** A register by `name@version`; undefined where it could not be found, which has been reported. */
  get(ref: string): NamedRegister | undefined {
    return this.#named.get(ref);
  }

  all(): NamedRegister[] {
    return [...this.#named.values()];
  }
}

/**
 * Finds every register that is named anywhere in the query, and gives their codelists aliases beside the query's own.
 * What cannot be found is reported at its line and left out.
 */
export function readRegisters(
  root: MapNode,
  own: ReadonlyMap<ListName, Codelist>,
  find: (name: string) => Register | undefined,
  problems: Problems,
): Registers {
  const found = new Map<string, Register>();
  for (const { ref, line } of references(root)) {
    const [, name, version] = REGISTER.exec(ref) ?? [];
    if (name === undefined || version === undefined || found.has(ref)) continue; // the form itself says how it is written
    const register = find(name);
    if (register === undefined) {
      const words = `There is no register \`${name}\`. Put \`${name}.yaml\` in \`registers/\` beside the query, or name one of the library's.`;
      problems.add(line, "unknown-register", words);
    } else if (register.version !== version) {
      const words = `The register \`${name}\` is version ${register.version}, not ${version}. Read what changed, then write \`register: ${name}@${register.version}\`.`;
      problems.add(line, "register-version", words);
    } else found.set(ref, register);
  }
  return written(found, own);
}

/** Each place where a register is named, in the order of the file. */
function* references(node: Node): Generator<{ readonly ref: string; readonly line: number }> {
  if (node.kind === "list") for (const item of node.items) yield* references(item);
  if (node.kind !== "map") return;
  for (const [key, { line, value }] of node.entries) {
    if (key === "register" && value.kind === "scalar") yield { ref: value.text, line };
    else yield* references(value);
  }
}

/**
 * An alias stays as the register writes it where it stands for one list in the whole query, and has the register's name in
 * front of it where it would stand for two.
 */
function written(found: ReadonlyMap<string, Register>, own: ReadonlyMap<ListName, Codelist>): Registers {
  const uses = [...found.values()].flatMap(({ codelists }) => [...codelists]).concat([...own]);
  const isOne = (alias: ListName, list: Codelist): boolean =>
    uses.every(([other, { digest }]) => other !== alias || digest === list.digest);
  const lists = new Map<ListName, Codelist>();
  const named = new Map<string, NamedRegister>();
  for (const [ref, { name, version, title, meaning, source, codelists, condition }] of found) {
    const aliases = new Map<ListName, ListName>();
    for (const [alias, list] of codelists) {
      let wanted = isOne(alias, list) ? alias : `${name.replaceAll("-", "_")}_${alias}`;
      while (![lists, own].every((taken) => (taken.get(wanted)?.digest ?? list.digest) === list.digest))
        wanted = `${wanted}_`;
      aliases.set(alias, wanted);
      lists.set(wanted, list);
    }
    const inQuery = withLists(condition, (alias) => aliases.get(alias) ?? alias);
    named.set(ref, { name, version, title, meaning, source, condition: inQuery });
  }
  return new Registers(named, lists);
}
