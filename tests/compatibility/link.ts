/**
 * A hub and agents in one process, from folders that exist, at a clock of one's own: what they say is written and
 * read as on the wire, without TLS, since certificates of a fixture expire. The hub sees whom each agent's certificate names.
 */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Hub } from "@cairn/hub";
import type { HubApi } from "@cairn/wire";
import { connectKeeper } from "@cairn/wire/grpc";
import { handlers } from "../../packages/hub/src/link/handlers.js";
import { ParkedPolls } from "../../packages/hub/src/link/parking.js";
import { Backoff } from "../../packages/courier/src/backoff.js";
import { readSettings, type Settings } from "../../packages/courier/src/identity/folder.js";
import { CellCounts } from "../../packages/courier/src/work/cells.js";
import { HubRestoreDetector, type Courier } from "../../packages/courier/src/work/courier.js";
import { keepPolling } from "../../packages/courier/src/work/poll.js";
import { keepWorking } from "../../packages/courier/src/work/runs.js";
import { Tracker } from "../../packages/courier/src/work/tracker.js";
import { Hub as Service } from "../../packages/wire/src/grpc/definitions.js";
import { startKeeper } from "../../packages/keeper/src/start.js";

export interface Running {
  /** What its courier said, a line each. */
  readonly said: string[];
  stop(): Promise<void>;
}

/** Runs keeper and courier of an agent's folder against an open hub until it is stopped. */
export async function runAgent(data: string, hub: Hub, now: () => number): Promise<Running> {
  const folder = join(data, "courier");
  const socket = join(data, "run", "keeper.sock");
  const said: string[] = [];
  const ending = new AbortController();
  const keeper = await startKeeper({ folder: join(data, "keeper"), socket, now });
  const keeperApi = connectKeeper(socket);
  const { raw } = new X509Certificate(readFileSync(join(folder, "certificate.pem")));
  const reached = reach(hub, raw);
  const newBackoff = (): Backoff => new Backoff({ random: Math.random, baseMs: 50, mostMs: 500 });
  const courier: Courier = {
    folder,
    agentVersion: "0.1.0",
    hub: { call: (ask: (api: HubApi) => unknown) => ask(reached.api) } as Courier["hub"],
    keeper: keeperApi,
    notes: { note: () => undefined, offlineAfter: () => undefined },
    settings: () => readSettings(folder) as Settings,
    runs: new Tracker(newBackoff),
    cells: new CellCounts(folder),
    hubRestored: new HubRestoreDetector(),
    now,
    newBackoff,
    isFatal: () => false,
    say: (words) => said.push(words),
    signal: ending.signal,
  };
  const loops = [keepPolling(courier), keepWorking(courier)];
  return {
    said,
    async stop() {
      ending.abort();
      await Promise.all(loops);
      keeperApi.close();
      reached.close();
      await keeper.stop();
    },
  };
}

const SILENT = { info: () => undefined, error: () => undefined } as unknown as Parameters<typeof handlers>[2];

/** The hub as one agent reaches it: each message is written and read as on the wire. */
function reach(hub: Hub, certificate: Buffer) {
  const parking = new ParkedPolls();
  hub.store.onChange((concerned) => parking.wake(concerned));
  const answers = handlers(hub, parking, SILENT) as unknown as Record<string, Answer>;
  const calls = Object.values(Service.service).map((method) => {
    const name = method.originalName as string;
    return [
      name,
      async (request: never, { signal = new AbortController().signal }: { signal?: AbortSignal } = {}) => {
        const asked = method.requestDeserialize(method.requestSerialize(request));
        const answer = (answers[name] as Answer)(asked, { peer: certificate, signal });
        return method.responseDeserialize(method.responseSerialize(await answer));
      },
    ];
  });
  return { api: Object.fromEntries(calls) as HubApi, close: () => parking.close() };
}

type Answer = (request: unknown, context: object) => Promise<unknown>;
