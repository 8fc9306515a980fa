/** `agent keeper`: the process that holds the records. */
import { handedInDescriptor, keeperFolder, socketFile } from "@cairn/keeper/practice";
import { startKeeper } from "@cairn/keeper/process";
import { say } from "../say.js";
import { untilStopSignal } from "../stop-signal.js";

export interface KeeperFlags {
  readonly data: string;
  readonly socket?: string;
  readonly pageFd?: number;
  readonly tied?: boolean;
}

export async function keeperProcess(flags: KeeperFlags): Promise<void> {
  const socket = flags.socket ?? socketFile(flags.data);
  const pageFd = flags.pageFd ?? handedInDescriptor();
  const running = await startKeeper({
    folder: keeperFolder(flags.data),
    socket,
    ...(pageFd === null ? {} : { pageFd }),
  });
  say.json({ ready: true, socket, network: running.keeper.network });
  await untilStopSignal(flags.tied ?? false);
  await running.stop();
}
