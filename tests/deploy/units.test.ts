/** What is installed keeps the promises of the design without anybody's care: the service manager enforces them. */
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isPrivate } from "@cairn/pages/own-names";
import t from "tap";
import { parse } from "yaml";

const DEPLOY = fileURLToPath(new URL("../../deploy/", import.meta.url));
const UNITS = ["hub", "agent"].flatMap((folder) =>
  readdirSync(join(DEPLOY, folder))
    .filter((name) => /\.(service|socket|timer)$/.test(name))
    .map((name) => join(DEPLOY, folder, name)),
);
const SERVICES = UNITS.filter((path) => path.endsWith(".service"));
const noManager = spawnSync("systemd-analyze", ["--version"]).status !== 0 && "systemd-analyze is not here";

t.test("the units are sound", { skip: noManager }, (t) => {
  const root = t.testdir();
  const units = join(root, "etc/systemd/system");
  mkdirSync(join(root, "usr/bin"), { recursive: true });
  mkdirSync(units, { recursive: true });
  writeFileSync(join(root, "usr/bin/cairn"), "#!/bin/sh\n");
  chmodSync(join(root, "usr/bin/cairn"), 0o755);
  for (const target of [
    "sysinit",
    "basic",
    "shutdown",
    "sockets",
    "timers",
    "network-online",
    "multi-user",
  ]) {
    writeFileSync(join(units, `${target}.target`), "[Unit]\n");
  }
  for (const path of UNITS) copyFileSync(path, join(units, basename(path)));
  mkdirSync(join(units, "cairn-keeper.service.d"));
  copyFileSync(join(DEPLOY, "agent/desks.conf"), join(units, "cairn-keeper.service.d/desks.conf"));
  const paths = UNITS.map((path) => join(units, basename(path)));
  const { status, stderr } = spawnSync(
    "systemd-analyze",
    ["verify", `--root=${root}`, "--man=no", ...paths],
    { encoding: "utf8" },
  );
  t.equal(status, 0);
  t.equal(stderr, "", "and nothing in them is unknown to the service manager");
  t.end();
});

t.test("each service is exposed less than 1.5 of 10", { skip: noManager }, (t) => {
  for (const path of SERVICES) {
    const args = ["security", "--offline=true", "--no-pager", "--threshold=14", path];
    const { status, stdout } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
    t.equal(status, 0, stdout.trimEnd().split("\n").at(-1) ?? "");
  }
  t.end();
});

t.test(
  "the keeper's unit gives it no network, and its page by a handed-in socket on this machine only",
  (t) => {
    const keeper = settings("agent/cairn-keeper.service");
    t.same(keeper.get("PrivateNetwork"), ["yes"]);
    t.notMatch((keeper.get("RestrictAddressFamilies") ?? []).join(" "), /INET/);
    t.same(keeper.get("ProtectSystem"), ["strict"]);
    const addresses = settings("agent/cairn-keeper.socket").get("ListenStream") ?? [];
    t.ok(
      addresses.length > 0 && addresses.every((each) => each.startsWith("127.0.0.1:")),
      addresses.join(" "),
    );
    t.end();
  },
);

t.test("the keeper calls nobody, and its pages at other desks are of private networks alone", (t) => {
  const keeper = settings("agent/cairn-keeper.service");
  t.ok(
    keeper.get("SystemCallFilter")?.includes("~connect"),
    "no socket that it holds can be made to dial out",
  );
  const desks = settings("agent/cairn-keeper-desks.socket");
  t.same(desks.get("ListenStream"), ["10.1.2.3:8651"], "an address to be filled in, which the keeper checks");
  t.same([desks.get("IPAddressDeny"), desks.get("FileDescriptorName")], [["any"], ["desks"]]);
  for (const range of desks.get("IPAddressAllow")?.[0]?.split(" ") ?? ["none"])
    t.ok(range === "localhost" || isPrivate(range.split("/")[0] ?? ""), range);
  t.match(settings("agent/desks.conf").get("ExecStart")?.at(-1), keeper.get("ExecStart")?.[0] ?? "none");
  t.end();
});

t.test("the courier's unit hides the records, and each part has a user of its own", (t) => {
  const courier = settings("agent/cairn-courier.service");
  const keeper = settings("agent/cairn-keeper.service");
  const records = `/var/lib/${keeper.get("StateDirectory")?.[0]}`;
  t.match((courier.get("InaccessiblePaths") ?? []).join(" "), new RegExp(`-${records}( |$)`));
  t.same(keeper.get("StateDirectoryMode"), ["0700"], "which its group may not enter either");
  const parts = SERVICES.filter((path) => !path.endsWith("/cairn-watch.service"));
  const users = parts.map((path) => settings(path).get("User")?.[0]);
  t.equal(new Set(users).size, parts.length);
  t.same(courier.get("Group"), keeper.get("Group"), "they share a group, for the socket");
  t.end();
});

t.test("the watch is shut in as the keeper is, but for the folder of extracts and gpg's own socket", (t) => {
  const [watch, keeper] = [settings("agent/cairn-watch.service"), settings("agent/cairn-keeper.service")];
  const own = ["Type", "Group", "ExecStart", "UMask", "SystemCallFilter", "Description"];
  const ofKeeper =
    /^(Restart|RestartSec|TimeoutStopSec|RuntimeDirectory.*|StateDirectory.*|Requires|After|WantedBy|Also)$/;
  for (const [name, values] of keeper)
    if (!own.includes(name) && !ofKeeper.test(name)) t.same(watch.get(name), values, name);
  t.same(watch.get("ReadWritePaths"), ["/var/lib/cairn/keeper /var/lib/cairn/inbox"]);
  t.same(watch.get("SystemCallFilter"), ["@system-service", "~@privileged @resources"]);
  t.match(
    watch.get("ExecStart")?.[0],
    / agent watch \/var\/lib\/cairn\/inbox --once --data \/var\/lib\/cairn /,
  );
  t.match(readFileSync(join(DEPLOY, "agent/sysusers.conf"), "utf8"), /^g cairn-inbox -$/m);
  for (const name of ["CAIRN_FORMAT", "CAIRN_WATCH_OPTIONS"]) {
    t.ok(settings("agent/watch.conf").has(name), name);
    t.match(watch.get("ExecStart")?.[0], name);
  }
  t.same(
    settings("agent/watch.conf").get("CAIRN_FORMAT"),
    [""],
    "nobody takes a format that they did not choose",
  );
  t.end();
});

t.test(
  "the keeper's container has no network, and the courier's none of its volumes but the socket's",
  (t) => {
    const file = parse(readFileSync(join(DEPLOY, "container/compose.yaml"), "utf8"), { merge: true }) as {
      services: Record<
        string,
        { network_mode?: string; volumes: string[]; read_only: boolean; user: string }
      >;
    };
    const { keeper, courier, hub } = file.services;
    t.equal(keeper?.network_mode, "none");
    const shared = courier?.volumes.filter((volume) => keeper?.volumes.includes(volume));
    t.same(shared, ["link:/run/cairn"]);
    t.notMatch(courier?.volumes.join(" ") ?? "", /keeper:|extracts/);
    for (const service of [keeper, courier, hub]) t.ok(service?.read_only && !service.user.startsWith("0"));
    t.end();
  },
);

t.test("no unit, container or instruction publishes pages: nobody has an account yet", (t) => {
  const file = parse(readFileSync(join(DEPLOY, "container/compose.yaml"), "utf8"), { merge: true }) as {
    services: Record<string, { command: string[]; ports?: string[]; network_mode?: string }>;
  };
  for (const [name, { command, ports = [], network_mode }] of Object.entries(file.services)) {
    t.same(ports, name === "hub" ? ["8443:8443"] : [], `${name}: the port for agents, and no other`);
    t.notOk(command.includes("--host"), `${name} asks for no other address of the pages`);
    t.not(network_mode, "host");
  }
  const start = settings("hub/cairn-hub.service").get("ExecStart")?.[0] ?? "";
  t.match(start, / --grpc-host 0\.0\.0\.0$/);
  t.notMatch(start, / --host /);
  const told = ["README.md", "container/compose.yaml", "hub/cairn-hub.service", "container/Dockerfile"];
  for (const name of told) {
    const text = readFileSync(join(DEPLOY, name), "utf8");
    t.notMatch(text, /for a reverse proxy|behind a reverse proxy|put a reverse proxy with/, name);
  }
  t.match(readFileSync(join(DEPLOY, "README.md"), "utf8"), /ssh -N -L 8080:127\.0\.0\.1:8080/);
  t.end();
});

/** The settings of a unit, each with all its values in order. */
function settings(path: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of readFileSync(path.startsWith("/") ? path : join(DEPLOY, path), "utf8").split("\n")) {
    const at = line.indexOf("=");
    if (at <= 0 || line.startsWith("#")) continue;
    const key = line.slice(0, at);
    found.set(key, [...(found.get(key) ?? []), line.slice(at + 1)]);
  }
  return found;
}
