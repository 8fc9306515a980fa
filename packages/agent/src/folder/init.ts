/** Makes an agent's folder, and the key that the practice signs with. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { initKeeper, keeperFolder, KeeperError, publicKeyOf } from "@cairn/keeper/practice";

export interface InitFlags {
  readonly data: string;
  /** Whether to make a sandbox, which may run unsigned queries and can never be enrolled. */
  readonly authorMode?: boolean;
  /** Whether a demo makes it, for invented patients: people may then look around by a link alone. */
  readonly invented?: boolean;
}

export interface MadeAgent {
  /** The practice's public key, hexadecimal. */
  readonly keeperKey: string;
  /** The origin of the practice's log. */
  readonly log: string;
}

/** Makes an agent's folder. @throws KeeperError exists, also where the folder is a hub's */
export function initAgent({ data, authorMode, invented }: InitFlags): MadeAgent {
  if (existsSync(join(data, "hub.json")))
    throw new KeeperError("exists", `${data} holds a hub: give the agent a folder of its own (--data)`);
  const store = initKeeper(keeperFolder(data), {
    authorMode: authorMode ?? false,
    invented: invented ?? false,
  });
  const made = { keeperKey: publicKeyOf(store).toString("hex"), log: store.log.origin };
  store.close();
  return made;
}
