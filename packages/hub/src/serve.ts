/** Runs the hub: the gRPC server for agents, the pages for people, and a clock for what is due. */
import { isDeepStrictEqual } from "node:util";
import { pino, type Logger } from "pino";
import type { HubServer } from "@cairn/wire/grpc";
import { closeCollections } from "./comparisons/close.js";
import { makeDueDocuments } from "./comparisons/documents.js";
import { openHub, type Hub, type HubSettings } from "./hub.js";
import { handlers } from "./link/handlers.js";
import { goOnAfterRestore } from "./new-log.js";
import type { CertifiedKey } from "./keys/certificates.js";
import { ParkedPolls } from "./link/parking.js";
import type { startLink } from "./link/server.js";
import type { HubMetrics } from "./metrics/metrics.js";
import type { MetricsServer } from "./metrics/server.js";
import type { ProxySettings } from "./pages/server.js";
import { expireLeases, offerDueRuns } from "./runs/offer.js";
import { fireSchedules } from "./schedules/fire.js";
import { offerPastDates } from "./schedules/join.js";
import { openDates } from "./schedules/openings.js";
import { freshServerCertificate, lockFolder } from "./store/files.js";
import { keepPagesAddress } from "./pages/address.js";
import { keepOfflineAfter } from "./store/settings.js";

export interface ServeOptions {
  readonly folder: string;
  /** The address of the pages; they stay on a loopback address where this is none. */
  readonly host: string;
  readonly port: number; // of the pages; 0 for any
  /** How people reach the pages through a proxy; they do not where absent. */
  readonly behind?: ProxySettings;
  readonly grpcHost: string;
  readonly grpcPort: number; // 0 for any
  /** Where a monitoring program reads `/metrics`; nowhere where absent. */
  readonly metrics?: { readonly host: string; readonly port: number }; // 0 for any
  readonly settings?: Partial<HubSettings>;
  readonly logLevel?: string;
}

export interface RunningHub {
  readonly hub: Hub;
  readonly pages: string; // http://host:port
  /** Whether pages are on this machine alone although another address was asked for. */
  readonly pagesKeptHere: boolean;
  readonly grpc: string; // host:port
  readonly metrics: string | null; // http://host:port
  stop(): Promise<void>;
}

/**
 * Interval in ms at which the hub looks whether something is due, and whether the command line has changed the
 * database.
 */
const TICK_MS = 500;
const STOP_GRACE_MS = 5_000;

/** Serves a hub's folder. @throws HubError, SqliteError */
export async function serveHubFolder(options: ServeOptions): Promise<RunningHub> {
  const log = pino({ name: "hub", level: options.logLevel ?? "info" }, pino.destination(2));
  const fault = (err: unknown, what: string): void => log.error({ err }, what);
  const hub = openHub(options.folder, { fault, ...options.settings });
  const lock = lockFolder(hub.files);
  const unlock = (): void => void lock.close();
  try {
    const serving = await serve(hub, options, log);
    return { ...serving, stop: () => serving.stop().finally(unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function serve(hub: Hub, options: ServeOptions, log: Logger): Promise<RunningHub> {
  const { offlineAfter } = options.settings ?? {};
  if (offlineAfter !== undefined) await keepOfflineAfter(hub.store, offlineAfter);
  const anew = await goOnAfterRestore(hub);
  if (anew)
    log.warn(
      { log: anew.origin, after: anew.after },
      "this hub is a backup put back: its log goes on as a new one",
    );
  const parking = new ParkedPolls();
  hub.store.onChange((concerned) => parking.wake(concerned));
  const identity = identityOf(hub, await freshServer(hub, hub.files.server));
  // gRPC and a web server, which no other command needs
  const [{ startLink }, { startPages }] = await Promise.all([
    import("./link/server.js"),
    import("./pages/server.js"),
  ]);
  const metrics = options.metrics && (await metricsOf(hub, parking, options.metrics));
  const calls = handlers(hub, parking, log);
  const served = metrics?.counting(calls) ?? calls;
  const link = await startLink(identity, options.grpcHost, options.grpcPort, served);
  const pages = await startPages(hub, options.host, options.port, log, options.behind);
  keepPagesAddress(hub, options.behind?.pages ?? `http://localhost:${new URL(pages.address).port}`);
  const stopTicking = tick(hub, parking, log, renewal(hub, link, identity.server, log));
  return {
    hub,
    pages: pages.address,
    pagesKeptHere: pages.keptHere,
    grpc: `${options.grpcHost}:${link.port}`,
    metrics: metrics?.address ?? null,
    stop: () => stop(hub, parking, link, [pages, ...(metrics ? [metrics] : [])], stopTicking),
  };
}

/** Starts the metrics, which no other command loads, and most hubs do not serve. */
async function metricsOf(
  hub: Hub,
  parking: ParkedPolls,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<MetricsServer & Pick<HubMetrics, "counting">> {
  const [{ HubMetrics }, { startMetrics }] = await Promise.all([
    import("./metrics/metrics.js"),
    import("./metrics/server.js"),
  ]);
  const metrics = new HubMetrics(hub, parking);
  const server = await startMetrics(metrics, host, port);
  return { ...server, counting: (calls) => metrics.counting(calls) };
}

/** The certificates that the hub shows agents, and those by which it knows theirs. */
export function identityOf({ authority }: Hub, server: CertifiedKey): Parameters<typeof startLink>[0] {
  return {
    server,
    issuerCertificate: authority.issuer.certificate,
    rootCertificate: authority.root,
    clientCertificates: authority.clientCertificates,
  };
}

function freshServer({ files, authority, settings }: Hub, held: CertifiedKey): Promise<CertifiedKey> {
  return freshServerCertificate(files, authority.issuer, held, settings.now());
}

/**
 * Shows agents a new certificate from the next connection on, when the one that they are shown is due to be renewed, or
 * the hub's authority was changed.
 */
function renewal(hub: Hub, link: HubServer, first: CertifiedKey, log: Logger): () => Promise<void> {
  let shown = identityOf(hub, first);
  hub.readiness.shows(first.certificate);
  return async () => {
    hub.authority.refresh();
    const next = identityOf(hub, await freshServer(hub, shown.server));
    if (isDeepStrictEqual(next, shown)) return;
    link.renewIdentity(next);
    hub.readiness.shows(next.server.certificate);
    shown = next;
    log.info("the certificates that agents are shown are renewed");
  };
}

/**
 * Does what is due every half second, one round at a time; a failing round is logged once and the next one tries
 * again.
 */
function tick(
  hub: Hub,
  parking: ParkedPolls,
  log: Logger,
  renewShown: () => Promise<void>,
): () => Promise<void> {
  let seen = hub.store.foreignChanges();
  let round: Promise<void> = Promise.resolve();
  let busy = false;
  let failing = "";
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    const pieces = [() => doWhatIsDue(hub), renewShown, () => hub.readiness.tryToWrite()];
    round = hub.readiness
      .ofRound(() => each(pieces))
      .then(() => {
        if (failing !== "") log.info("what was due is done again");
        failing = "";
      })
      .catch((err: unknown) => {
        if (failing !== String(err)) log.error({ err }, "what was due could not be done");
        failing = String(err);
      })
      .finally(() => {
        const now = hub.store.foreignChanges();
        if (now !== seen) parking.wake("all");
        seen = now;
        busy = false;
      });
  }, TICK_MS);
  return async () => {
    clearInterval(timer);
    await round;
  };
}

/**
 * Does one round of what is due: schedules and the dates that they open, past dates for later members, runs whose moment has come,
 * leases that ran out, collections to close, documents to make.
 * A failure does not keep the others from being done.
 * @throws the first failure, after the round
 */
export async function doWhatIsDue(hub: Hub): Promise<void> {
  const due = [
    fireSchedules,
    openDates,
    offerPastDates,
    offerDueRuns,
    expireLeases,
    closeCollections,
    makeDueDocuments,
  ];
  await each(due.map((what) => () => what(hub)));
}

/** Does one after the other. @throws the first failure, after all */
async function each(pieces: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const piece of pieces) await piece().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/**
 * Stops the hub. Polls that wait are answered before the server stops: cutting them would leave every agent unsure.
 */
async function stop(
  hub: Hub,
  parking: ParkedPolls,
  link: HubServer,
  web: readonly { close(): Promise<void> }[],
  stopTicking: () => Promise<void>,
): Promise<void> {
  await stopTicking();
  parking.close();
  await link.stop(STOP_GRACE_MS);
  for (const server of web) await server.close();
  await hub.store.close();
}
