/** `agent init`: the folder, and the key that the practice signs with. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { initKeeper, keeperFolder, KeeperError, publicKeyOf } from "@cairn/keeper/practice";
import { say } from "../say.js";

export interface InitFlags {
  readonly data: string;
  readonly authorMode?: boolean;
  readonly json?: boolean;
}

/** @throws KeeperError exists, also where the folder is a hub's */
export function initAgent({ data, json, authorMode }: InitFlags): void {
  if (existsSync(join(data, "hub.json")))
    throw new KeeperError("exists", `${data} holds a hub: give the agent a folder of its own (--data)`);
  const store = initKeeper(keeperFolder(data), { authorMode: authorMode ?? false });
  const made = { keeperKey: publicKeyOf(store).toString("hex"), log: store.log.origin };
  store.close();
  if (json) say.json(made);
  else
    say.result(`${data} is made. Next: cairn agent import${authorMode ? "" : ", then cairn agent enrol"}.`);
}
