/** `agent keeper` and `agent courier`: the two processes themselves. */
import { readFileSync } from "node:fs";
import { courierFolder, readSettings, runCourier } from "@cairn/courier";
import { handedInDescriptor, keeperFolder, socketFile, startKeeper } from "@cairn/keeper";
import { say } from "../say.js";
import { untilToldToEnd } from "../until-told.js";

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
  await untilToldToEnd(flags.tied ?? false);
  await running.stop();
}

export async function courierProcess(flags: KeeperFlags): Promise<void> {
  const stop = new AbortController();
  void untilToldToEnd(flags.tied ?? false).then(() => stop.abort());
  const folder = courierFolder(flags.data);
  say.json({ ready: true, hub: readSettings(folder)?.hub ?? null });
  try {
    await runCourier({
      folder,
      socket: flags.socket ?? socketFile(flags.data),
      agentVersion: agentVersion(),
      signal: stop.signal,
    });
  } finally {
    process.stdin.destroy();
  }
}

export function agentVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
