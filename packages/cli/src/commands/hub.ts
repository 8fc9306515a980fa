/** cairn hub ...: the hub, its practices, and what it collected. */
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { say } from "../say.js";
import { untilStopSignal } from "../stop-signal.js";
import { registerAuthority } from "./hub-authority.js";
import { registerComparison } from "./hub-comparison.js";
import { DATA, duration, lasting, many, port, proxyAddress, webAddress } from "./hub-options.js";
import { registerLibraryKey } from "./hub-library.js";
import { registerPeople } from "./hub-people.js";
import { registerPractices } from "./hub-practices.js";
import { registerReference } from "./hub-reference.js";
import { registerSetup } from "./hub-setup.js";
import { registerWitnesses } from "./hub-witnesses.js";

interface ServeFlags {
  data: string;
  host: string;
  port: number;
  pages?: string;
  trustedProxy: string[];
  grpcHost?: string;
  grpcPort: number;
  metricsPort?: number;
  metricsHost: string;
  offlineAfter?: number;
  lease: number;
  json?: boolean;
  tied?: boolean;
  logLevel: string;
}

export function register(program: Command): void {
  const command = program.command("hub").description("publish queries, collect releases, show comparisons");
  registerSetup(command);
  registerRunning(command);
  registerPractices(command);
  registerPeople(command);
  registerComparison(command);
  registerReference(command);
  registerLibraryKey(command);
  registerWitnesses(command);
  registerAuthority(command);
}

function registerRunning(command: Command): void {
  command
    .command("init")
    .description("make a hub: its keys, certificates and database")
    .option(...DATA)
    .option("--host <name>", "name or address by which agents reach it (repeat for more)", many, [])
    .action(async ({ data, host }: { data: string; host: string[] }) => {
      const hosts = host.length > 0 ? host : ["localhost", "127.0.0.1"];
      await hub.initHub(data, hosts);
      say.result(`A hub for ${hosts.join(", ")} is in ${data}.`);
      say.note(
        `Move ${data}/keys/root.key to an encrypted stick in a drawer: it is the key of this hub's certificate authority, and serving does not use it. It is needed within five years (cairn hub ca next --issuer), or when that authority must be replaced.`,
      );
    });
  command
    .command("serve")
    .description("run the hub until it is interrupted")
    .option(...DATA)
    .option("--host <address>", "address of the pages, of this machine only", "127.0.0.1")
    .option("--port <n>", "port of the pages, 0 for any", port, 8080)
    .option(
      "--pages <address>",
      "under which a proxy on this machine serves the pages: https://...",
      webAddress,
    )
    .option(
      "--trusted-proxy <address>",
      "a proxy whose word on who asks is taken, or a network of them (repeat for more)",
      proxyAddress,
      [],
    )
    .option("--grpc-host <address>", "address for agents; as --host where absent")
    .option("--grpc-port <n>", "port for agents, 0 for any", port, 8443)
    .option("--metrics-port <n>", "port for a monitoring program, at /metrics; none where absent", port)
    .option("--metrics-host <address>", "address for it", "127.0.0.1")
    .option(
      "--offline-after <time>",
      "an agent not heard of for so long is offline (90s, 15m, 1h); kept with the hub, 1h where never given",
      duration,
    )
    .addOption(lasting("--lease <time>", "a claimed run is offered again after so long", "10m"))
    .option("--log-level <level>", "error, warn, info or debug", "info")
    .option("--json", "print one line of addresses on standard output when ready")
    .option("--tied", "end when standard input closes")
    .action(serve);
  command
    .command("backup")
    .description("copy the hub, while it runs, into a new folder")
    .requiredOption("--out <dir>", "where to")
    .option(...DATA)
    .action(async ({ data, out }: { data: string; out: string }) => {
      await hub.backupHub(data, out);
      say.result(`The hub is copied to ${out}. It holds keys: keep it as safe as the hub.`);
    });
  command
    .command("restore")
    .description("make a hub's folder from a backup")
    .requiredOption("--from <dir>", "the backup")
    .option(...DATA)
    .action(async ({ data, from }: { data: string; from: string }) => {
      const { origin, after } = await hub.restoreHub(from, data);
      const issuers = await hub.withHub(data, async ({ authority }) => authority.counting);
      say.result(
        [
          `The hub is in ${data} again. Agents will offer what the backup does not hold.`,
          `Its log may have been longer than the backup's ${after.size} entries, so it goes on in a new log, ${origin}.`,
          `Agents come in by certificates of ${issuers.join(" and of ")}. Where one was replaced since the backup, its certificates count again: if it was stolen, say cairn hub ca next --issuer --stolen before you serve this hub.`,
          "Tell each practice: it countersigns the new log once a person there has said cairn agent accept-hub-log.",
        ].join("\n"),
      );
    });
  command
    .command("new-log")
    .description(
      "go on in a new log, after this machine was put back to an earlier state without cairn hub restore",
    )
    .option(...DATA)
    .action(async ({ data }: { data: string }) => {
      const { origin, after } = await hub.withHub(data, (open) => hub.beginNewLog(open));
      say.result(
        `The log ${after.origin} is over at ${after.size} entries, and goes on in ${origin}. Each practice countersigns it once a person there has said cairn agent accept-hub-log.`,
      );
    });
}

async function serve(flags: ServeFlags): Promise<void> {
  const serving = await hub.serveHubFolder({
    folder: flags.data,
    host: flags.host,
    port: flags.port,
    behind: { pages: flags.pages ?? null, proxies: flags.trustedProxy },
    grpcHost: flags.grpcHost ?? flags.host,
    grpcPort: flags.grpcPort,
    ...(flags.metricsPort === undefined
      ? {}
      : { metrics: { host: flags.metricsHost, port: flags.metricsPort } }),
    settings: {
      lease: flags.lease,
      ...(flags.offlineAfter === undefined ? {} : { offlineAfter: flags.offlineAfter }),
    },
    logLevel: flags.logLevel,
  });
  if (flags.pages !== undefined && flags.trustedProxy.length === 0) say.note(ONE_ADDRESS);
  if (serving.pagesKeptHere) say.note(pagesStayHere(flags.host, serving.pages));
  if (flags.json)
    say.json({ ready: true, pages: serving.pages, grpc: serving.grpc, metrics: serving.metrics });
  else say.result(`Pages at ${serving.pages}, agents at ${serving.grpc}. Ctrl-C ends it.`);
  await untilStopSignal(flags.tied ?? false);
  await serving.stop();
}

const ONE_ADDRESS =
  "cairn: with --pages and no --trusted-proxy all readers count as one address, and one who tries too often keeps all out: name the proxy (--trusted-proxy 127.0.0.1)";

/** Words where pages stay on this machine. @param pages http://host:port, where they are */
function pagesStayHere(host: string, pages: string): string {
  const { port } = new URL(pages);
  return (
    `cairn: pages are not served on ${host} but on this machine alone, at ${pages}. ` +
    `To look from another desk: ssh -L ${port}:127.0.0.1:${port} THIS-MACHINE, then http://localhost:${port}`
  );
}
