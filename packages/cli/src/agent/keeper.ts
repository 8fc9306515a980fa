/** `agent keeper`: the process that holds the records. */
import { handedInSockets, keeperFolder, KeeperError, socketFile } from "@cairn/keeper/practice";
import { startKeeper } from "@cairn/keeper/process";
import { say } from "../say.js";
import { untilStopSignal } from "../stop-signal.js";

export interface KeeperFlags {
  readonly data: string;
  readonly socket?: string;
  readonly pageFd?: number;
  readonly deskFd?: number;
  readonly pageCertificate?: string;
  readonly pageKey?: string;
  readonly tied?: boolean;
}

export async function keeperProcess(flags: KeeperFlags): Promise<void> {
  const socket = flags.socket ?? socketFile(flags.data);
  const handedIn = handedInSockets();
  const pageFd = flags.pageFd ?? handedIn.page;
  const running = await startKeeper({
    folder: keeperFolder(flags.data),
    socket,
    ...(pageFd === null ? {} : { pageFd }),
    ...deskOptions(flags, flags.deskFd ?? handedIn.desks),
  });
  say.json({ ready: true, socket, network: running.keeper.network, desks: running.desks });
  await untilStopSignal(flags.tied ?? false);
  await running.stop();
}

/** The three that pages at other desks need: all or none. @throws KeeperError page-address-wrong */
function deskOptions({ pageCertificate: certificate, pageKey: key }: KeeperFlags, fd: number | null) {
  if (fd === null && certificate === undefined && key === undefined) return {};
  if (fd === null || certificate === undefined || key === undefined)
    throw new KeeperError(
      "page-address-wrong",
      "pages at other desks need a socket (--desk-fd, or a unit's socket named desks), --page-certificate and --page-key",
    );
  return { desks: { fd, certificate, key } };
}
