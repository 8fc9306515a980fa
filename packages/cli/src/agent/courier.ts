/** `agent courier`: the process that talks to the hub. */
import { assertMayLook, courierFolder, readSettings, runCourier } from "@cairn/courier";
import { socketFile } from "@cairn/keeper/practice";
import { say } from "../say.js";
import { untilStopSignal } from "../stop-signal.js";
import { agentVersion } from "@cairn/agent/version";

export interface CourierFlags {
  readonly data: string;
  readonly socket?: string;
  readonly tied?: boolean;
}

export async function courierProcess(flags: CourierFlags): Promise<void> {
  assertMayLook(courierFolder(flags.data));
  const stop = new AbortController();
  void untilStopSignal(flags.tied ?? false).then(() => stop.abort());
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
