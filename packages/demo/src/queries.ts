/**
 * The demo's queries: a first set that a newcomer can take in at one look, however large the library grows. Each
 * shows another feature of the language; the rest of the library is scheduled in the same way.
 */
export const FIRST_QUERIES = [
  "hypertension-register", // a register: who has it
  "bp-control", // a paired reading against a target
  "diabetes-hba1c-58", // the newest value, in ordered steps
  "nsaid-65-no-gastroprotection", // a safety check on what is prescribed together
  "flu-vaccination-uptake", // a season
  "hba1c-48-no-diabetes-code", // people whom the register may have missed
  "three-or-more-consultations", // counting
] as const;

/**
 * Words on the rest of the library, and how to ask it.
 * @param library names of its queries.
 * @param hubData the demo's hub, or null where it has ended
 */
export function theOthers(library: readonly string[], hubData: string | null, group: string): string {
  const others = library.filter((name) => !FIRST_QUERIES.some((first) => first === name)).sort();
  const shown = `These are ${FIRST_QUERIES.length} of the ${library.length} queries of the library.`;
  const [first, ...more] = others;
  if (first === undefined) return shown;
  if (hubData === null) return `${shown}\nA hub asks any of them with npx cairn schedule add.`;
  return [
    shown,
    "Ask another while the demo runs, say:",
    `  npx cairn schedule add --data ${hubData} --group ${group} \\`,
    `    --every quarter --periods 16 --query ${first}`,
    ...(more.length === 0 ? [] : [`Others: ${more.slice(0, 4).join(", ")}${more.length > 4 ? ", ..." : ""}`]),
  ].join("\n");
}
