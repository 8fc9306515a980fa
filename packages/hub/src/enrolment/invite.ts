import { createHash, randomBytes } from "node:crypto";
import { hubLog, joinNames, type Actor } from "@cairn/ledger";
import { makeJoinCode } from "@cairn/wire";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import { libraryRoot, rootDigest } from "../store/library-root.js";
import { caDigest } from "../store/files.js";
import type { Change } from "../store/store.js";
import { joinGroup } from "./members.js";
import { likeness, ONE_AGENT, requireName, requirePerson, systemUser } from "./names.js";

const CODE_LIVES_MS = 72 * 3_600_000;

export interface InvitationRequest {
  readonly practice: string;
  readonly groups: readonly string[];
}

export interface Invitation extends InvitationRequest {
  /** A secret: anyone who has it can enrol an agent in the practice's name, which then waits to be admitted. */
  readonly code: string;
  readonly until: string; // ISO 8601
  /** Whether an earlier unused code has ended with this one. */
  readonly endedEarlier: boolean;
  /** The groups, of those named, that did not exist before. */
  readonly newGroups: readonly string[];
}

/** Nobody was invited: `problems` has the position of each practice that could not be, and why. */
export class InvitationError extends HubError {
  readonly problems: readonly { readonly at: number; readonly words: string }[];
  constructor(code: "agent-there" | "name-like", problems: InvitationError["problems"]) {
    super(code, problems.map(({ words }) => words).join("; "));
    this.problems = problems;
  }
}

/**
 * Invites a practice into groups (made where they are new) with a join code, good for one agent and 72 hours, stored
 * hashed.
 * @param by the person.
 * @param again as `inviteAll`.
 * @throws as `inviteAll`
 */
export async function invite(
  hub: Hub,
  practice: string,
  groups: readonly string[],
  by = systemUser(),
  again = false,
): Promise<string> {
  const [one] = await inviteAll(hub, [{ practice, groups }], by, again);
  return (one as Invitation).code;
}

/**
 * Invites every practice or none. A code that a practice has not used yet ends with its next one.
 * @param again also where a practice has an agent already, which the new one would replace once it is admitted.
 * @throws HubError name-wrong, no-library, InvitationError (agent-there, name-like)
 */
export async function inviteAll(
  hub: Hub,
  wanted: readonly InvitationRequest[],
  by = systemUser(),
  again = false,
): Promise<Invitation[]> {
  requirePerson(by);
  for (const { practice, groups } of wanted) {
    requireName("practice", practice);
    for (const group of groups) requireName("group", group);
  }
  return hub.store.change(async (change) => {
    await requireUnlike(change, wanted);
    if (!again) await requireNoAgents(change, wanted);
    const invited: Invitation[] = [];
    for (const one of wanted) invited.push(await inviteOne(hub, change, one, by));
    return invited;
  });
}

export function hashOf(secret: Uint8Array): Buffer {
  return createHash("sha256").update("cairn join code").update(secret).digest();
}

/** @throws InvitationError */
async function requireNoAgents({ tx }: Change, wanted: readonly InvitationRequest[]): Promise<void> {
  const agents = await tx
    .selectFrom("agent")
    .innerJoin("practice", "practice.id", "agent.practice")
    .select(["practice.name", "agent.state", "agent.fingerprint"])
    .where("agent.state", "!=", "revoked")
    .execute();
  const problems = wanted.flatMap(({ practice }, at) => {
    const own = agents.filter(({ name }) => name === practice);
    const waiting = own.find(({ state }) => state === "enrolled");
    if (own.length === 0) return [];
    const why = waiting
      ? `an agent of ${practice} waits to be admitted already, with the fingerprint ${waiting.fingerprint}; a new code would be for another one`
      : `the agent of ${practice} is admitted already, and another that enrols with a new code would replace it`;
    return [
      { at, words: `${why}: say --again if that is meant (into one more group: cairn hub practice add-to)` },
    ];
  });
  if (problems.length > 0) throw new InvitationError("agent-there", problems);
}

/**
 * Checks that no new name reads like another: the same practice under two names would have two agents and two histories, and
 * what both released could be subtracted.
 * @throws InvitationError name-like
 */
async function requireUnlike({ tx }: Change, wanted: readonly InvitationRequest[]): Promise<void> {
  const known = await tx.selectFrom("practice").select("name").execute();
  const names = new Set(known.map(({ name }) => name));
  const first = new Map([...names].map((name) => [likeness(name), name]));
  const problems = wanted.flatMap(({ practice }, at) => {
    const like = first.get(likeness(practice));
    if (like === undefined) first.set(likeness(practice), practice);
    if (like === undefined || like === practice || names.has(practice)) return [];
    return [{ at, words: `${practice} reads like ${like}: ${ONE_AGENT}` }];
  });
  if (problems.length > 0) throw new InvitationError("name-like", problems);
}

async function inviteOne(
  hub: Hub,
  change: Change,
  wanted: InvitationRequest,
  by: Actor,
): Promise<Invitation> {
  const now = hub.settings.now();
  const { practice, groups } = wanted;
  const secret = randomBytes(16);
  const id = await practiceNamed(change, practice, now);
  const newGroups: string[] = [];
  for (const group of groups) if ((await joinGroup(change, group, id, now)).isNewGroup) newGroups.push(group);
  const earlier = await change.tx
    .updateTable("invitation")
    .set({ replaced_at: now })
    .where("practice", "=", id)
    .where("agent", "is", null)
    .where("replaced_at", "is", null)
    .where("expires_at", ">=", now)
    .executeTakeFirst();
  const expires = now + CODE_LIVES_MS;
  await change.tx
    .insertInto("invitation")
    .values({
      ...{ code_hash: hashOf(secret), practice: id, created_at: now, expires_at: expires },
      ...{ agent: null, invited_by: by },
    })
    .execute();
  change.note(hubLog.practiceInvited, { practice, groups: joinNames(groups), expires, by });
  const code = makeJoinCode({
    secret,
    caDigest: caDigest(hub.authority.root),
    rootDigest: rootDigest(await libraryRoot(change.tx)),
  });
  const until = new Date(expires).toISOString();
  return { practice, groups, code, until, endedEarlier: earlier.numUpdatedRows > 0n, newGroups };
}

/**
 * The id of a practice by name, made where it is new. One that was forgotten goes on under its own history. The first
 * practice of a name has the same id at every hub, so that a hub made anew asks for its runs under their old names.
 */
async function practiceNamed({ tx }: Change, name: string, now: number): Promise<string> {
  const known = await tx
    .updateTable("practice")
    .set({ forgotten_at: null })
    .where("name", "=", name)
    .returning("id")
    .executeTakeFirst();
  if (known) return known.id;
  const usual = createHash("sha256")
    .update(JSON.stringify(["cairn practice", name]))
    .digest("hex")
    .slice(0, 16);
  const taken = await tx.selectFrom("practice").select("id").where("id", "=", usual).executeTakeFirst();
  const id = taken ? randomBytes(8).toString("hex") : usual; // the practice that had this name goes by another now
  await tx.insertInto("practice").values({ id, name, created_at: now }).execute();
  return id;
}
