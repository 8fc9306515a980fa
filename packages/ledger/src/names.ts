/** Writes names as one list, `A, B`; a name that holds ", " or begins with a quotation mark is put in quotation marks. */
export function joinNames(names: readonly string[]): string {
  return names
    .map((name) => (name.includes(", ") || name.startsWith('"') ? JSON.stringify(name) : name))
    .join(", ");
}

/** Reads a list that `joinNames` wrote; none of an empty one. */
export function splitNames(list: string): string[] {
  if (list === "") return [];
  return [...list.matchAll(/(?:^|, )("(?:[^"\\]|\\.)*"(?=, |$)|.*?(?=, |$))/gs)].map(([, name = ""]) =>
    name.startsWith('"') ? unquoted(name) : name,
  );
}

function unquoted(name: string): string {
  try {
    return String(JSON.parse(name));
  } catch {
    return name; // of a log from before names were put in quotation marks
  }
}
