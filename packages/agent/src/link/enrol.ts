/** Joins a hub: a key made here, a fingerprint on the screen, and what the keeper will believe from then on. */
import { setTimeout as wait } from "node:timers/promises";
import { enrol, parseProxy, type Enrolment } from "@cairn/courier";
import { assertMayEnrol, KeeperStore, decider, pin, publicKeyOf } from "@cairn/keeper/practice";
import { layoutOf, type LayoutFlags } from "../folder/layout.js";
import { asOwnerOf } from "../folder/owner.js";
import { agentVersion } from "./version.js";

export interface EnrolFlags extends LayoutFlags {
  readonly join: string;
  readonly hub: string;
  readonly proxy?: string;
  readonly name?: string;
  /** Who decides to join, as the practice's log names them: the system's user where absent. */
  readonly as?: string;
  /** Ask again until someone at the hub has compared the fingerprint. */
  readonly wait?: boolean;
  /** The hub of before is gone for good: this one takes its place, and the history of releases stays. */
  readonly newHub?: boolean;
}

const ASK_EVERY_MS = 3000;

/** Enrols an agent. @param onFingerprint called with the fingerprint at once, before any waiting. */
export async function enrolAgent(
  flags: EnrolFlags,
  onFingerprint: (fingerprint: string) => void,
): Promise<Enrolment> {
  if (flags.proxy !== undefined) parseProxy(flags.proxy);
  const { keeper, courier } = layoutOf(flags);
  const store = await asOwnerOf(keeper, () => KeeperStore.open(keeper));
  try {
    const by = decider(store, flags.as, "enrol-practice");
    assertMayEnrol(store);
    const ask = async (): Promise<Enrolment> => {
      const said = await asOwnerOf(courier, () => once(flags, courier, store));
      await asOwnerOf(keeper, () => pin(store, { ...said, isNewHub: flags.newHub === true }, by));
      return said;
    };
    let said = await ask();
    onFingerprint(said.fingerprint);
    while (flags.wait && said.state === "awaiting-admission") {
      await wait(ASK_EVERY_MS);
      said = await ask();
    }
    return said;
  } finally {
    store.close();
  }
}

/** The courier asks. From its answer the keeper believes the library root that the join code pins, and the log key of the hub that proved to be its. */
function once(flags: EnrolFlags, courier: string, store: KeeperStore): Promise<Enrolment> {
  return enrol(courier, {
    joinCode: flags.join,
    hub: flags.hub,
    proxy: flags.proxy ?? null,
    keeperKey: publicKeyOf(store),
    agentVersion: agentVersion(),
    ...(flags.name === undefined ? {} : { practice: flags.name }),
  });
}
