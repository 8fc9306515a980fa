/**
 * A hub and agents in one process, from folders that exist, at a clock of one's own: what they say crosses gRPC as it
 * does otherwise, without TLS, since certificates of a fixture expire. The hub sees whom each agent's certificate names.
 */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import type { Hub } from "@cairn/hub";
import type { HubHandlers } from "@cairn/wire";
import { connectHub, connectKeeper, serveHub, serverOptions } from "@cairn/wire/services";
import { handlers } from "../../packages/hub/src/link/handlers.js";
import { Parking } from "../../packages/hub/src/link/parking.js";
import { Backoff } from "../../packages/courier/src/backoff.js";
import { readSettings, type Settings } from "../../packages/courier/src/identity/folder.js";
import { CellCounts } from "../../packages/courier/src/work/cells.js";
import { HubRestoreDetector, type Courier } from "../../packages/courier/src/work/courier.js";
import { keepPolling } from "../../packages/courier/src/work/poll.js";
import { keepWorking } from "../../packages/courier/src/work/runs.js";
import { Tracker } from "../../packages/courier/src/work/tracker.js";
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
  const served = await serve(hub, raw);
  const newBackoff = (): Backoff => new Backoff({ random: Math.random, baseMs: 50, mostMs: 500 });
  const courier: Courier = {
    folder,
    agentVersion: "0.1.0",
    hub: { call: (ask: (api: typeof served.api) => unknown) => ask(served.api) } as Courier["hub"],
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
      await Promise.all([keeper.stop(), served.close()]);
    },
  };
}

const SILENT = { info: () => undefined, error: () => undefined } as unknown as Parameters<typeof handlers>[2];

/** The hub's service as one agent reaches it. */
async function serve(hub: Hub, certificate: Buffer) {
  const parking = new Parking();
  hub.store.onChange(() => parking.wake());
  const calls = Object.entries(handlers(hub, parking, SILENT));
  const asAgent = calls.map(([name, handle]) => [
    name,
    (request: never, context: object) => handle(request, { ...context, peer: certificate } as never),
  ]);
  const server = new grpc.Server(serverOptions());
  serveHub(Object.fromEntries(asAgent) as HubHandlers)(server);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const api = connectHub(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return {
    api,
    async close() {
      api.close();
      parking.close();
      server.forceShutdown();
    },
  };
}
