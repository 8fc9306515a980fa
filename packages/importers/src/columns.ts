/** Finds a table's columns by name, in any order, and explains what is wrong with a header. */
import { ImportError } from "./errors.js";

const SEPARATORS: Record<string, string> = { ";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas" };

const COLUMN_NAME = /^[a-z_][\w .()/%-]{0,63}$/;

/**
 * Position in the header of each of `known`, by name in lower case; -1 where it is absent.
 * @param ignored called with every other column
 * @param delimiter of the header
 * @throws ImportError where one of `required` is missing
 */
export function findColumns<Name extends string>(
  header: readonly string[],
  known: readonly Name[],
  required: readonly Name[],
  file: string,
  ignored: (column: string) => void,
  delimiter: string,
): Record<Name, number> {
  const names = header.map((name) => name.toLowerCase());
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new ImportError("not-this-format", `${file}: ${whatIsWrong(header, missing, delimiter)}`);
  const twice = known.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined)
    throw new ImportError("not-this-format", `${file}: the column ${twice} is there twice`);
  const others = names.filter((name) => !(known as readonly string[]).includes(name));
  // Where a line end is missing, the first row stands in the header: then nothing of it may be repeated.
  if (others.every((name) => COLUMN_NAME.test(name))) others.forEach(ignored);
  else ignored("with a name that is none");
  return Object.fromEntries(known.map((name) => [name, names.indexOf(name)])) as Record<Name, number>;
}

function whatIsWrong(header: readonly string[], missing: readonly string[], delimiter: string): string {
  const only = header.length === 1 ? (header[0] ?? "") : "";
  const separator = [...only].find((c) => c in SEPARATORS);
  if (separator !== undefined) {
    return `its columns are separated by ${SEPARATORS[separator]}; export it again with ${SEPARATORS[delimiter]} between them`;
  }
  const columns = missing.length === 1 ? "the column" : "the columns";
  return `it lacks ${columns} ${missing.join(", ")}; export it again with a first line that names its columns so`;
}
