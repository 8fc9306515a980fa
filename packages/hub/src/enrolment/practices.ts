import type { Hub } from "../hub.js";
import { isOffline } from "./offline.js";

export interface ListedPractice {
  readonly practice: string;
  readonly groups: readonly string[];
  readonly state: "invited" | "enrolled" | "admitted" | "revoked";
  readonly online: boolean;
  readonly heardAt: string | null; // ISO 8601
  readonly coversTo: string | null; // YYYY-MM-DD
  readonly paused: boolean;
  readonly libraryVersion: string;
}

/** Every practice with its newest agent, by name. */
export async function listPractices(hub: Hub): Promise<ListedPractice[]> {
  const { db } = hub.store;
  const practices = await db.selectFrom("practice").selectAll().orderBy("name").execute();
  const members = await db.selectFrom("group_member").selectAll().orderBy("group_name").execute();
  const agents = await db.selectFrom("agent").selectAll().orderBy("enrolled_at").execute();
  return practices.map(({ id, name }) => {
    const own = agents.filter((one) => one.practice === id);
    const agent = own.find((one) => one.state === "admitted") ?? own.at(-1);
    const heardAt = agent?.polled_at ?? null;
    return {
      practice: name,
      groups: members.filter((member) => member.practice === id).map((member) => member.group_name),
      state: agent?.state ?? "invited",
      online: !isOffline(heardAt, hub.settings.now(), hub.settings.offlineAfter),
      heardAt: heardAt === null ? null : new Date(heardAt).toISOString(),
      coversTo: agent?.covers_to ?? null,
      paused: agent?.paused === 1,
      libraryVersion: agent?.library_version ?? "",
    };
  });
}

export function practiceLine(one: ListedPractice): string {
  const state =
    one.state !== "admitted" ? one.state : one.paused ? "paused" : one.online ? "online" : "offline";
  const heard = one.heardAt === null ? "never heard of" : `heard of ${one.heardAt}`;
  return `${one.practice}  ${state}  ${heard}  ${one.groups.join(", ")}`;
}
