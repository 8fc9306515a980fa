/** Exports the hub's log for `cairn audit verify`, with what belongs beside it. */
import { sealedLine, type Entry } from "@cairn/audit-log";
import { concerning, decodeHub, hubLog } from "@cairn/ledger";
import { practiceId } from "./enrolment/find.js";
import { requirePerson, systemUser } from "./enrolment/names.js";
import type { Hub } from "./hub.js";
import { allCharters } from "./library/charters.js";
import { libraryContents } from "./library/queries.js";
import { witnessName } from "./link/witness.js";
import { requireMay } from "./people/named.js";

/** The purpose of taking the log away. */
const PURPOSE = "audit";

/**
 * Lets somebody take the log away, and logs that they do; `exportLines`, `exportForPractice` or `heldReleases` come next.
 * @param as somebody with an account; undefined for whoever holds the machine
 * @throws HubError name-wrong, person-unknown, may-not
 */
export async function logExport(
  hub: Hub,
  as: string | undefined,
  shown: "log" | "log with releases" | "sealed log" | "sealed log with releases" | "digests",
): Promise<void> {
  await requireMay(hub, as, "export-log", {});
  const by = as ?? systemUser();
  requirePerson(by);
  await hub.store.unheard(async ({ note }) => note(hubLog.logViewed, { shown, purpose: PURPOSE, by }));
}

/**
 * All logs that followed one another, each witness's newest countersigned checkpoint, each charter, the libraries that
 * hold what was asked, and (`bytes`) each release as its practice signed it, so that digests can be compared with their
 * bytes.
 */
export async function* exportLines(hub: Hub, { bytes }: { bytes: boolean }): AsyncGenerator<string> {
  yield* hub.store.log.exportLines();
  // Notes as versions before this one kept them, until their practice countersigns again.
  const older = await hub.store.db.selectFrom("cosignature").select("note").orderBy("agent").execute();
  for (const { note } of older) yield JSON.stringify({ cosigned: note });
  for (const { group, bytes: charter } of await allCharters(hub.store.db))
    yield JSON.stringify({ charter: { group, bytes: charter.toString("base64") } });
  for (const content of await libraryContents(hub, hub.store.db))
    yield JSON.stringify({ library: Buffer.from(content).toString("base64") });
  if (bytes) yield* releaseLines(hub, null);
}

/**
 * The same for one practice: entries that concern others are sealed, so that their leaves stay and their bodies do not
 * leave; other practices' countersignatures and releases are left out.
 * @param name of the practice
 * @throws HubError practice-unknown
 */
export async function* exportForPractice(
  hub: Hub,
  name: string,
  { bytes }: { bytes: boolean },
): AsyncGenerator<string> {
  const id = await practiceId(hub.store.db, name);
  const lines: string[] = [];
  for await (const line of exportLines(hub, { bytes: false })) lines.push(line);
  const entries = lines.filter(isEntry).map((line) => JSON.parse(line) as Entry);
  const isTheirs = concerning(entries.map(decodeHub), new Set([id]));
  const agents = await hub.store.db
    .selectFrom("agent")
    .select("keeper_key")
    .where("practice", "=", id)
    .execute();
  const witnesses = new Set(agents.map(({ keeper_key: key }) => witnessName(key)));
  for (const line of lines) {
    if (isEntry(line)) {
      const entry = JSON.parse(line) as Entry;
      yield isTheirs(decodeHub(entry)) ? line : sealedLine(entry);
    } else if (!isOfOtherPractice(line, witnesses)) yield line;
  }
  if (bytes) yield* releaseLines(hub, id);
}

function isEntry(line: string): boolean {
  return line.startsWith('{"position":');
}

/** Is the line a checkpoint that another practice countersigned? */
function isOfOtherPractice(line: string, own: ReadonlySet<string>): boolean {
  const { cosigned } = JSON.parse(line) as { cosigned?: string };
  const [, witness] = /^\u2014 (cairn-practice-\S+) /m.exec(cosigned ?? "") ?? [];
  return witness !== undefined && !own.has(witness);
}

/** Releases read at a time: one is at most 1 MiB. */
const PAGE = 100;

/** @param practice its id; null for all */
async function* releaseLines(hub: Hub, practice: string | null): AsyncGenerator<string> {
  for (let after = -1; ;) {
    const rows = await hub.store.db
      .selectFrom("release")
      .innerJoin("run", "run.id", "release.run")
      .selectAll("release")
      .select(["run.query_digest", "run.reference_date"])
      .where("release.hub_log_index", ">", after)
      .$if(practice !== null, (query) => query.where("run.practice", "=", practice ?? ""))
      .orderBy("release.hub_log_index")
      .limit(PAGE)
      .execute();
    for (const row of rows) {
      yield JSON.stringify({
        release: {
          run: row.run,
          correction: row.correction,
          bytes: row.bytes.toString("base64"),
          queryDigest: row.query_digest,
          libraryDigest: row.library_digest.toString("hex"),
          date: row.reference_date,
          policy: `${row.policy_k},${row.policy_base},${row.policy_midpoint}`,
          logIndex: row.log_index,
          logSize: row.log_size,
          logRoot: row.log_root.toString("hex"),
          recordBasis: row.record_basis,
          optOuts: row.opt_outs,
          signature: row.signature.toString("base64"),
        },
      });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.hub_log_index;
  }
}
