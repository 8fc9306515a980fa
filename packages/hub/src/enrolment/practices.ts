import { joinNames } from "@cairn/ledger";
import { minute } from "@cairn/text";
import type { Hub } from "../hub.js";
import { isOffline } from "@cairn/comparisons";
import { isServed } from "../store/files.js";
import type { AgentRow } from "../store/tables.js";

export interface ListedPractice {
  readonly practice: string;
  readonly groups: readonly string[];
  readonly state: "invited" | "enrolled" | "admitted" | "revoked";
  readonly online: boolean | null; // null while the hub does not run: it hears of nobody
  readonly heardAt: string | null; // ISO 8601
  readonly coversTo: string | null; // YYYY-MM-DD
  readonly paused: boolean;
  readonly libraryVersion: string;
  readonly agentVersion: string; // as the agent last said; "" where it never did
  /** The end of its newest join code (ISO 8601), perhaps past; null where it has none, or it was used. */
  readonly codeUntil: string | null;
  /** Digests of charters that were accepted there, or whose group was left; null where its agent does not say. */
  readonly decidedCharters: readonly string[] | null;
  /**
   * The fingerprint of an agent that waits to be admitted, perhaps beside one that is admitted; null where none
   * waits.
   */
  readonly waitingFingerprint: string | null;
}

/** Every practice that is not forgotten, with its newest agent, by name. @param running whether the hub is served now */
export async function listPractices(hub: Hub, running = isServed(hub.files)): Promise<ListedPractice[]> {
  const { db } = hub.store;
  const practices = await db
    .selectFrom("practice")
    .selectAll()
    .where("forgotten_at", "is", null)
    .orderBy("name")
    .execute();
  const members = await db.selectFrom("group_member").selectAll().orderBy("group_name").execute();
  const agents = await db.selectFrom("agent").selectAll().orderBy("enrolled_at").execute();
  const codes = await db
    .selectFrom("invitation")
    .select(["practice", "agent", "expires_at"])
    .where("replaced_at", "is", null)
    .orderBy("created_at")
    .execute();
  return practices.map(({ id, name }) => {
    const own = agents.filter((one) => one.practice === id);
    const agent = own.find((one) => one.state === "admitted") ?? own.at(-1);
    const code = codes.findLast((one) => one.practice === id);
    const heardAt = agent?.polled_at ?? null;
    return {
      practice: name,
      groups: members.filter((member) => member.practice === id).map((member) => member.group_name),
      state: agent?.state ?? "invited",
      online: running ? !isOffline(heardAt, hub.settings.now(), hub.settings.offlineAfter) : null,
      heardAt: iso(heardAt),
      coversTo: agent?.covers_to ?? null,
      paused: agent?.paused === 1,
      libraryVersion: agent?.library_version ?? "",
      agentVersion: agent?.version ?? "",
      decidedCharters: decidedCharters(agent),
      codeUntil: code?.agent === null ? iso(code.expires_at) : null,
      waitingFingerprint: own.findLast((one) => one.state === "enrolled")?.fingerprint ?? null,
    };
  });
}

function decidedCharters(agent: Pick<AgentRow, "decided_charters"> | undefined): readonly string[] | null {
  return agent?.decided_charters == null ? null : (JSON.parse(agent.decided_charters) as string[]);
}

/** One line for a terminal: name, state, when its agent was last heard of, groups. */
export function practiceLine(one: ListedPractice): string {
  const link = one.online === null || one.heardAt === null ? "admitted" : one.online ? "online" : "offline";
  const state = one.state !== "admitted" ? one.state : one.paused ? "paused" : link;
  const version = one.agentVersion === "" ? "" : `, agent ${one.agentVersion}`;
  const notYet = one.state === "admitted" ? "its agent has not called since" : "no agent has called";
  const heard = one.heardAt === null ? notYet : `heard of ${minute(one.heardAt)}`;
  return `${one.practice}  ${state}  ${heard}${version}  ${joinNames(one.groups) || "in no group"}`;
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
