/** `agent init`: the folder, and the key that the practice signs with. */
import { initKeeper, keeperFolder, publicKeyOf } from "@cairn/keeper/practice";
import { say } from "../say.js";

export interface InitFlags {
  readonly data: string;
  readonly authorMode?: boolean;
  readonly json?: boolean;
}

export function initAgent({ data, json, authorMode }: InitFlags): void {
  const store = initKeeper(keeperFolder(data), { authorMode: authorMode ?? false });
  const made = { keeperKey: publicKeyOf(store).toString("hex"), log: store.log.origin };
  store.close();
  if (json) say.json(made);
  else say.result(`${data} is made. Next: cairn agent import, then cairn agent enrol.`);
}
