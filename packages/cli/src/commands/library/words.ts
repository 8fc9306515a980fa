/** What waits, and who is to do what, in words. */
import { charterDiff, charterText, readCharter } from "@cairn/charters";
import type { Changes, QueryChange, Status } from "@cairn/signed-library/signing";
import { plural } from "../../say.js";
import { unreviewedLines } from "./reviews.js";

const SHOWN = 12; // new queries told one by one; of more, the rest by name

/** Every change, for the person who is to sign it. */
export function changesText(changes: Changes): string {
  const { files, queries, unchanged, unreviewed, targets, hasPolicy, acceptances, keys } = changes;
  const of = (is: QueryChange["is"]): QueryChange[] => queries.filter((query) => query.is === is);
  const added = of("new");
  const lines = [
    ...keys.map(
      ({ name, kind, may, is }) =>
        `${is === "added" ? "May now" : "May no longer"} ${may}: ${name} (${kind})`,
    ),
    ...added.slice(0, SHOWN).map((query) => `New: ${query.name}, ${query.title}\n  ${query.question}`),
    ...(added.length > SHOWN
      ? [
          `New too: ${added
            .slice(SHOWN)
            .map(({ name }) => name)
            .join(", ")}`,
        ]
      : []),
    ...of("new-version").flatMap(versionLines),
    ...of("kept").map(({ name }) => `Stays in force, until it is retired: ${name}`),
    ...of("retired").map(({ name, title }) => `In force no more: ${name}, ${title}`),
    ...targets.flatMap((target) => targetLines(target, hasPolicy)),
    ...acceptances.map(acceptanceLine),
  ];
  if (lines.length === 0) lines.push("Nothing changes: it only holds for longer.");
  if (unchanged > 0) lines.push(`As before: ${plural(unchanged, "query", "queries")}`);
  lines.push(...unreviewedLines(unreviewed, unchanged + queries.length - of("retired").length));
  return [...lines, `To be signed: ${files.join(", ")}`].join("\n");
}

function acceptanceLine({ body, name, is, title, question }: Changes["acceptances"][number]): string {
  const what = title === null ? name : `${name}, ${title}`;
  if (is === "no-more") return `${body} accepts no more: ${what}`;
  return `${body} accepts, for practices that leave it to ${body}: ${what}\n  ${question ?? ""}`;
}

const NO_WITNESS =
  "  It asks for witnesses, and the library names none: at every practice each question of this group waits until a policy is signed too (cairn library add --policy FILE; docs/audit.md).";
const LAST_WITNESS =
  "  Each new question of a group whose charter asks for witnesses then waits at every practice, until a policy is signed again.";

function targetLines({ path, is, before, after }: Changes["targets"][number], hasPolicy: boolean): string[] {
  const first = `${{ new: "New", changed: "Changed", gone: "Taken out" }[is]}: ${path}`;
  if (path === "witness-policy") return [first, after === null ? LAST_WITNESS : indented(after)];
  if (!path.startsWith("charters/") || after === null) return [first];
  const charter = readCharter(Buffer.from(after));
  const waits = charter.witness === "required" && !hasPolicy ? [NO_WITNESS] : [];
  if (before === null) return [first, indented(charterText(charter)), ...waits];
  const differs = charterDiff(readCharter(Buffer.from(before)), charter).map(
    ({ what, was, is, widens }) => `  ${what}${widens ? " (widens)" : ""}\n    was: ${was}\n    is:  ${is}`,
  );
  return [first, ...differs, ...waits];
}

function indented(text: string): string {
  return text.trimEnd().replace(/^(?=.)/gm, "  ");
}

function versionLines({ name, was, title, words }: QueryChange): string[] {
  const differs = words.map(
    ({ where, was, is }) => `  ${where}\n    was: ${was ?? "(not there)"}\n    is:  ${is ?? "(not there)"}`,
  );
  return [`New version: ${name}, beside ${was}, ${title}`, ...differs];
}

/** The state of the library: what to do first, then what holds until when. */
export function statusText({ tasks, ends, version, queries, keys, bodies }: Status): string {
  const held =
    version === null
      ? ["Nothing is published yet."]
      : [
          `Published: version ${version}, ${plural(queries.length, "query", "queries")} in force.`,
          `The library holds until ${ends.library}, and its list of who may sign (the root) until ${ends.root}.`,
        ];
  const oldest = keys[0] && version !== null ? [`Oldest key: ${keys[0].name}, since ${keys[0].since}.`] : [];
  return [
    ...(tasks.length === 0 ? ["Nothing to do."] : tasks.map(taskText)),
    ...held,
    ...oldest,
    ...bodies.map(bodyText),
  ].join("\n");
}

function bodyText({ body, of, fingerprint, accepts, until }: Status["bodies"][number]): string {
  const what =
    until === null ? "nothing yet" : `${plural(accepts.length, "query", "queries")}, until ${until}`;
  return `The body ${body} accepts ${what}; two of ${of.join(", ")} sign. The fingerprint of its keys: ${fingerprint}`;
}

function taskText(task: Status["tasks"][number]): string {
  const by = task.by === null ? "" : `, by ${task.by}`;
  if (task.do === "add") return "To do: cairn library add --queries FOLDER: there is no library yet.";
  if (task.do === "publish") return `To do${by}: everything is signed: cairn library publish --data HUB`;
  if (task.do === "accept")
    return `To do: what ${task.body} accepts ends on ${task.by}: cairn library accept ${task.body}, and two of its people sign it`;
  if (task.do === "renew")
    return task.what === "library"
      ? `To do: the library ends on ${task.by}: cairn library renew, and sign it`
      : `To do: the root ends on ${task.by}: cairn library rotate, and sign it`;
  return `To do${by}: ${missingText(task)}`;
}

/** `2.targets.json needs the signature of Ann or Ben`. */
export function missingText({
  file,
  needed,
  of,
}: {
  file: string;
  needed: number;
  of: readonly string[];
}): string {
  const who = of.length > needed ? `${needed === 1 ? "one" : "two"} of ${of.join(", ")}` : of.join(" and ");
  return `${file} needs the signature of ${who}`;
}
