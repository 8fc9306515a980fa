/** cairn hub ...: the hub, its practices, and what it collected. */
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { say } from "../say.js";
import { untilToldToEnd } from "../until-told.js";
import { AS, duration, lasting, many, port } from "./hub-options.js";

const DATA = ["--data <dir>", "the hub's folder", "cairn-hub"] as const;

interface ServeFlags {
  data: string;
  host: string;
  port: number;
  grpcHost?: string;
  grpcPort: number;
  offlineAfter?: number;
  lease: number;
  json?: boolean;
  tied?: boolean;
  logLevel: string;
}

export function register(program: Command): void {
  const command = program.command("hub").description("publish queries, collect releases, show comparisons");
  registerRunning(command);
  registerPractices(command);
  registerComparison(command);
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
        `Move ${data}/keys/root.key to a place that is not online: it is needed for a new issuer only.`,
      );
    });
  command
    .command("serve")
    .description("run the hub until it is interrupted")
    .option(...DATA)
    .option(
      "--host <address>",
      "address of the pages: of this machine only, while nobody has an account",
      "127.0.0.1",
    )
    .option("--port <n>", "port of the pages, 0 for any", port, 8080)
    .option("--grpc-host <address>", "address for agents; as --host where absent")
    .option("--grpc-port <n>", "port for agents, 0 for any", port, 8443)
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
      say.result(
        [
          `The hub is in ${data} again. Agents will offer what the backup does not hold.`,
          `Its log may have been longer than the backup's ${after.size} entries, so it goes on in a new log, ${origin}.`,
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
    grpcHost: flags.grpcHost ?? flags.host,
    grpcPort: flags.grpcPort,
    settings: {
      lease: flags.lease,
      ...(flags.offlineAfter === undefined ? {} : { offlineAfter: flags.offlineAfter }),
    },
    logLevel: flags.logLevel,
  });
  if (serving.pagesKeptHere) say.note(pagesStayHere(flags.host, serving.pages));
  if (flags.json) say.json({ ready: true, pages: serving.pages, grpc: serving.grpc });
  else say.result(`Pages at ${serving.pages}, agents at ${serving.grpc}. Ctrl-C ends it.`);
  await untilToldToEnd(flags.tied ?? false);
  await serving.stop();
}

/** @param pages http://host:port, where they are */
function pagesStayHere(host: string, pages: string): string {
  const { port } = new URL(pages);
  return (
    `cairn: pages are not served on ${host} but on this machine alone, at ${pages}: nobody has an account yet. ` +
    `To look from another desk: ssh -L ${port}:127.0.0.1:${port} THIS-MACHINE, then http://localhost:${port}`
  );
}

interface InviteFlags {
  data: string;
  practice: string;
  group: string[];
  as?: string;
  json?: boolean;
}

function registerPractices(command: Command): void {
  command
    .command("invite")
    .description("print a join code for a practice: good for one agent and 72 hours")
    .requiredOption("--practice <name>", "the practice's name")
    .option("--group <name>", "a group that it compares in (repeat for more)", many, [])
    .option(...AS)
    .option(...DATA)
    .option("--json", "print JSON")
    .action(async (flags: InviteFlags) => {
      const { data, practice, group, as } = flags;
      const code = await hub.withHub(data, (open) => hub.invite(open, practice, group, as));
      if (flags.json) say.json({ practice: flags.practice, code });
      else say.result(code);
    });
  command
    .command("admit")
    .argument("[practice]", "the practice's name")
    .description("admit an agent whose fingerprint you have compared with the practice's screen")
    .option("--fingerprint <text>", "as the practice reads it out")
    .option("--list", "show who waits")
    .option(...AS)
    .option(...DATA)
    .option("--json", "print JSON")
    .action(admit);
  command
    .command("revoke")
    .argument("<practice>", "the practice's name")
    .description("lock a practice's agent out from its next call on")
    .option(...AS)
    .option(...DATA)
    .action(async (practice: string, { data, as }: { data: string; as?: string }) => {
      await hub.withHub(data, (open) => hub.revoke(open, practice, as));
      say.result(`${practice} is locked out. A new join code lets it in again.`);
    });
  command
    .command("practices")
    .description("list practices, their groups, and when their agents were last heard of")
    .option(...DATA)
    .option("--json", "print JSON")
    .action(async ({ data, json }: { data: string; json?: boolean }) => {
      const practices = await hub.withHub(data, (open) => hub.listPractices(open));
      if (json) say.json({ practices });
      else for (const one of practices) say.result(hub.practiceLine(one));
    });
}

async function admit(
  practice: string | undefined,
  flags: { data: string; fingerprint?: string; list?: boolean; as?: string; json?: boolean },
): Promise<void> {
  if (practice === undefined || flags.list) {
    const waiting = await hub.withHub(flags.data, (open) => hub.waitingForAdmission(open));
    if (flags.json) say.json({ waiting });
    else if (waiting.length === 0) say.result("No one waits to be admitted.");
    else for (const one of waiting) say.result(`${one.fingerprint}  ${one.practice}`);
    return;
  }
  if (flags.fingerprint === undefined) {
    throw new hub.HubError(
      "fingerprint-differs",
      `compare fingerprints first, then: cairn hub admit "${practice}" --fingerprint F`,
    );
  }
  const { fingerprint, as } = flags;
  await hub.withHub(flags.data, (open) => hub.admit(open, practice, fingerprint, as));
  say.result(`${practice} is admitted.`);
}

function registerComparison(command: Command): void {
  command
    .command("comparison")
    .description("print what a group's practices released, for the hub's operator")
    .requiredOption("--group <name>", "the group")
    .option(...DATA)
    .option("--json", "print JSON")
    .action(async (flags: { data: string; group: string; json?: boolean }) => {
      await hub.withHub(flags.data, async (open) => {
        if (flags.json) say.json({ comparisons: await hub.comparisonsJson(open, flags.group) });
        else say.result(await hub.comparisonText(open, flags.group));
      });
    });
  command
    .command("close")
    .description("end a group's open collections now: group figures are made once, from what is there")
    .requiredOption("--group <name>", "the group")
    .option(...AS)
    .option(...DATA)
    .action(close);
  command
    .command("export")
    .description("print the hub's log and the practices' countersignatures, for audit verify")
    .option(...DATA)
    .option("--bytes", "with each release as its practice signed it, so that digests can be checked")
    .option("--digests", "print what releases the hub holds instead, as JSON")
    .action(async ({ data, digests, bytes }: { data: string; digests?: boolean; bytes?: boolean }) => {
      await hub.withHub(data, async (open) => {
        if (digests) say.json({ releases: await hub.heldReleases(open) });
        else for await (const line of hub.exportLines(open, { bytes: bytes ?? false })) say.result(line);
      });
    });
}

async function close({ data, group, as }: { data: string; group: string; as?: string }): Promise<void> {
  await hub.withHub(data, async (open) => {
    say.result(`${await hub.closeNow(open, group, as)} collections closed.`);
    const left = await hub.setAsideOf(open, group);
    for (const { query, date, fault } of left) say.note(`${query} of ${date} could not be closed: ${fault}`);
    if (left.length > 0) process.exitCode = 1;
  });
}
