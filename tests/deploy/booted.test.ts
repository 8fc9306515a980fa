/**
 * The three packages on a booted Debian, from an empty machine to a release, and on: a night's extract by the timer, a kill, a
 * reboot, an upgrade and the way back, a removal. The agent reaches the hub through squid, which wants a password and alone knows
 * where the hub is. CAIRN_DEBIAN names the release (trixie where it does not).
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { debian, Machine, noMachine } from "./machine.js";

const SUITE = process.env["CAIRN_DEBIAN"] ?? "trixie";
const PACKAGE = fileURLToPath(new URL("../../deploy/package.mjs", import.meta.url));
const SERVICES = ["cairn-hub", "cairn-keeper", "cairn-courier"];
const HUB = "--data /var/lib/cairn-hub";
const AGENT = "--data /var/lib/cairn";
const PROXY = "http://stonegarth:not-for-others@127.0.0.1:3128";
/** One hub's port for one user, by a name that nothing but the proxy can look up. */
const SQUID = `http_port 127.0.0.1:3128
hosts_file /etc/squid/hosts
auth_param basic program /usr/lib/squid/basic_ncsa_auth /etc/squid/users
acl known proxy_auth REQUIRED
acl agents port 8443
http_access allow CONNECT agents known
http_access deny all
cache deny all
shutdown_lifetime 1 seconds
`;
const PASS = "--passphrase-file words";

t.test(`packages on a booted Debian ${SUITE}`, { skip: noMachine(), timeout: 1_300_000 }, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "booted-"));
  const [packages, root] = [process.env["CAIRN_PACKAGES"] ?? join(dir, "packages"), join(dir, "machine")];
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  if (!process.env["CAIRN_PACKAGES"]) ran(process.execPath, [PACKAGE, packages]);
  debian(SUITE, root);
  for (const name of readdirSync(packages)) cpSync(join(packages, name), join(root, "root", name));
  later(packages, join(root, "root/later"), join(dir, "later"));
  writeFileSync(join(root, "etc/hosts"), "127.0.0.1 localhost\n");
  writeFileSync(join(root, "etc/squid/hosts"), "127.0.0.1 hub.example.org\n");
  writeFileSync(join(root, "etc/squid/squid.conf"), SQUID);
  writeFileSync(join(root, "root/words"), "invented people only\n");
  const machine = await Machine.boot(root, join(dir, "console"));
  t.teardown(() => machine.end());
  const hash = `perl -e 'print "stonegarth:", crypt("not-for-others", q($5$salt)), "\\n"'`;
  await machine.does(`${hash} > /etc/squid/users && systemctl restart squid`);
  const runs = (): Promise<string> =>
    machine.run(`systemctl is-active ${SERVICES.join(" ")}`).then(({ out }) => out);

  await t.test("it installs without a network, and starts nothing", async (t) => {
    await machine.does("sha256sum --check SHA256SUMS && apt-get install --yes ./cairn*.deb");
    t.equal(await runs(), "inactive\ninactive\ninactive\n");
    const { out } = await machine.run("systemctl is-enabled cairn-watch.timer cairn-keeper.socket cairn-hub");
    t.equal(out, "disabled\ndisabled\ndisabled\n");
    t.equal(
      (await machine.run("which gcc npm node")).out,
      "",
      "and brings no compiler, npm or Node of the system's",
    );
  });

  await t.test("a hub begins, as the README says, by commands of root's", async (t) => {
    t.match(
      await machine.does("cairn hub setup --host hub.example.org"),
      /^A new hub, in \/var\/lib\/cairn-hub\.\nA hub for hub\.example\.org is in[^]*^The hub runs, now/m,
    );
    for (const [name, kind] of [
      ["ann", "clinical"],
      ["ben", "governance"],
      ["cat", "root"],
    ])
      // prettier-ignore
      await machine.does(`cairn library key new ${name} --kind ${kind} ${PASS} --work-factor 2`);
    await machine.does(`cairn hub library-key ${HUB} > hub.pub`);
    const people = "--root keys/ann.pub keys/ben.pub keys/cat.pub --signer keys/ann.pub keys/ben.pub";
    await machine.does(`cairn library init ${people} --hub hub.pub && cairn library add --queries`);
    for (const name of ["ann", "ben"])
      await machine.does(`cairn library sign --key keys/${name}.key ${PASS} --yes`);
    t.match(await machine.does(`cairn library publish ${HUB}`), /^Version 1 is published/);
    await machine.comesTo("journalctl -u cairn-hub", /agents at 0\.0\.0\.0:8443/);
  });

  await t.test("a practice enrols, is admitted, and its first release is at the hub", async (t) => {
    const code = (await machine.does(`cairn hub invite ${HUB} --practice Stonegarth --group north`)).split(
      "\n",
    )[0];
    await machine.does(
      "cairn synth --format emis --deltas 2 --patients 1000 --until 2026-10-31 --out extract",
    );
    const nights = (await machine.does("ls extract")).trim().split("\n");
    const setup = `cairn agent setup --hub hub.example.org:8443 --join ${code} --format emis --extract extract/${nights[0]}`;
    t.match(
      await machine.run(`${setup} --proxy ${PROXY.replace("not-for-others", "guessed")}`),
      { code: 4, out: /the proxy 127\.0\.0\.1:3128 wants a user and password, or other ones \(407\)/ },
      "another password is named as that",
    );
    const said = await machine.does(`${setup} --proxy ${PROXY}`);
    t.match(said, /^Loaded\.$[^]*^Keeper and courier run, now[^]*^holds +the keeper that runs now/m);
    const [, fingerprint] = /^fingerprint (\S+)/m.exec(said) ?? [];
    await machine.does(`cairn hub admit ${HUB} Stonegarth --fingerprint ${fingerprint}`);
    await machine.does(`cairn agent join ${AGENT} north`);
    await machine.does(
      `cairn schedule add ${HUB} --group north --query hypertension-register --every quarter --periods 4`,
    );
    await machine.comesTo(`cairn agent status ${AGENT}`, /hypertension-register .* asked by north: waiting/);
    await machine.does(`cairn agent approve ${AGENT} hypertension-register`);
    await machine.comesTo(`cairn agent status ${AGENT}`, /released, and the hub has confirmed it/);
    t.match(
      await machine.does(`cairn agent log ${AGENT}`),
      /query accepted: .*; by root$/m,
      "who gave the command decided",
    );
  });

  await t.test("all that went to the hub went through the proxy, which knew who asked", async (t) => {
    const log = (await machine.does("cat /var/log/squid/access.log")).trim().split("\n");
    const through = log.filter((line) =>
      /TCP_TUNNEL\/200 .* CONNECT hub\.example\.org:8443 stonegarth/.test(line),
    );
    t.ok(through.length > 0, log.join("\n"));
    t.match(await machine.run("getent hosts hub.example.org"), { code: 2 }, "there is no other way");
    t.match(
      await machine.does("stat -c '%A %U' /var/lib/cairn/courier/tunnel-*"),
      /^srw------- cairn-courier\n$/,
    );
  });

  await t.test("every file of a half is its user's, whoever gave the commands", async (t) => {
    const find = (folder: string, user: string): Promise<string> =>
      machine.does(`find /var/lib/${folder} ! -user ${user} -o -perm /077 ! -type d`);
    t.equal(await find("cairn/keeper", "cairn-keeper"), "");
    t.equal(await find("cairn/courier", "cairn-courier"), "");
    t.equal(await find("cairn-hub", "cairn-hub"), "");
  });

  await t.test(
    "doctor finds that everything holds, and each service is exposed less than 1.5 of 10",
    async (t) => {
      const doctor = await machine.comesTo(`cairn agent doctor ${AGENT}`, /^holds +the link:/m);
      t.notMatch(doctor, /^does not/m);
      for (const what of [
        "the keeper that runs now",
        "keeper and courier as two users",
        "the records' folder",
      ])
        t.match(doctor, new RegExp(`^holds +${what}`, "m"));
      for (const unit of [...SERVICES, "cairn-watch"]) {
        const { code, out } = await machine.run(`systemd-analyze security --no-pager --threshold=14 ${unit}`);
        t.equal(code, 0, `${unit}: ${out.trim().split("\n").at(-1)}`);
      }
    },
  );

  await t.test("the night's delta comes in by the timer", async (t) => {
    await machine.does("sed -i 's/^CAIRN_WATCH_OPTIONS=/&--rest 0 /' /etc/cairn/watch.conf");
    // Whoever writes extracts is in the group, and has no other right here.
    await machine.does("useradd --system --groups cairn-inbox exporter && mv extract /srv/extract");
    const nights = (await machine.does("ls -d /srv/extract/2026-*")).trim().split("\n").slice(1);
    const copies = nights.map((night) => `cp -r ${night} /var/lib/cairn/inbox/`).join(" && ");
    await machine.does(`sudo -u exporter sh -c "cd / && umask 002 && ${copies}"`);
    const soon = "/etc/systemd/system/cairn-watch.timer.d/soon.conf";
    await machine.does(
      `mkdir -p ${soon.replace("/soon.conf", "")}; printf '[Timer]\\nOnActiveSec=1s\\nRandomizedDelaySec=0\\nAccuracySec=1s\\n' > ${soon}`,
    );
    t.match(
      await machine.does(
        "systemctl daemon-reload && cairn agent setup --inbox /var/lib/cairn/inbox --format emis",
      ),
      /^The agent in \/var\/lib\/cairn is enrolled at hub\.example\.org:8443 as Stonegarth, and has records\./,
    );
    await machine.comesTo(`cairn agent status ${AGENT}`, /Records are complete to 31 October 2026/);
    t.equal(
      (await machine.run("systemctl show -p Result -p ExecMainStatus cairn-watch")).out,
      "Result=success\nExecMainStatus=0\n",
    );
    t.match(await machine.does(`cairn agent doctor ${AGENT}`), /^holds +extracts come each night/m);
  });

  await t.test("a backup that root makes holds both halves", async (t) => {
    await machine.does(
      `cairn agent backup ${AGENT} --out /root/backup && cairn hub backup ${HUB} --out /root/hub-backup`,
    );
    const held = await machine.does("ls backup/keeper backup/courier hub-backup");
    for (const name of ["keeper.db", "records.db", "key.pem", "settings.json", "hub.db"]) t.match(held, name);
    await machine.does(
      "systemctl stop cairn-courier cairn-keeper && rm /var/lib/cairn/keeper/* /var/lib/cairn/courier/*",
    );
    await machine.does(`cairn agent restore ${AGENT} --from /root/backup`);
    const owned =
      "find /var/lib/cairn/keeper ! -user cairn-keeper; find /var/lib/cairn/courier ! -user cairn-courier";
    t.equal(await machine.does(owned), "", "and what is restored is each half's own");
    await machine.does("systemctl start cairn-courier");
    await machine.comesTo(`cairn agent status ${AGENT}`, /The link works/);
  });

  await t.test("each service that is killed comes back by itself", async (t) => {
    for (const unit of SERVICES) await machine.does(`systemctl kill --kill-whom=main --signal=KILL ${unit}`);
    await machine.comesTo(`systemctl show -p NRestarts ${SERVICES.join(" ")}`, /1\n+.*1\n+.*1/);
    await machine.comesTo(`systemctl is-active ${SERVICES.join(" ")}`, /^active\nactive\nactive\n$/);
    t.match(await machine.comesTo(`cairn hub status ${HUB}`, /online/), /4 released/);
  });

  await t.test("after a reboot all run again", async (t) => {
    await machine.reboot();
    await machine.comesTo(`systemctl is-active ${SERVICES.join(" ")}`, /^active\nactive\nactive\n$/);
    t.match(await machine.comesTo(`cairn hub status ${HUB}`, /online/), /4 released/);
  });

  await t.test("an upgrade restarts what ran, and the way back does, too", async (t) => {
    const pids = (): Promise<string> => machine.does(`systemctl show -p MainPID ${SERVICES.join(" ")}`);
    await machine.does("systemctl stop cairn-watch.timer");
    for (const [from, version] of [
      ["later", "0.1.1"],
      [".", "0.1.0"],
    ] as const) {
      const before = await pids();
      await machine.does(`apt-get install --yes --allow-downgrades ./${from}/cairn*.deb`);
      t.equal(await machine.does("cairn --version"), `${version}\n`);
      t.equal(await runs(), "active\nactive\nactive\n");
      for (const [i, pid] of (await pids()).split("\n").entries())
        if (pid !== "") t.not(pid, before.split("\n")[i], "another process");
      const status = await machine.comesTo(
        `cairn hub status ${HUB}`,
        new RegExp(`online.*agent ${version.replaceAll(".", "\\.")}`),
      );
      t.match(status, /4 released/);
    }
    t.match((await machine.run("systemctl is-active cairn-watch.timer")).out, "inactive", "and nothing else");
  });

  await t.test("a removal that is called off leaves running what ran, at the next boot too", async (t) => {
    const enabled = (): Promise<string> =>
      machine.run(`systemctl is-enabled ${SERVICES.join(" ")} cairn-watch.timer`).then(({ out }) => out);
    const before = await enabled();
    for (const name of ["cairn-agent", "cairn-hub"]) {
      const prerm = `/var/lib/dpkg/info/${name}.prerm`;
      await machine.does(`cp ${prerm} saved && echo exit 1 >> ${prerm}`);
      t.match(await machine.run(`dpkg --remove ${name}`), { code: 1, out: /prerm|pre-removal/ });
      t.match(
        await machine.does(`cat saved > ${prerm}; dpkg-query -W -f '\${Status}' ${name}`),
        /ok installed$/,
      );
    }
    t.equal(await runs(), "active\nactive\nactive\n");
    t.equal(await enabled(), before);
  });

  await t.test("what is removed stops; a purge keeps records, keys and logs, and says so", async (t) => {
    const said = await machine.does("apt-get purge --yes cairn cairn-agent cairn-hub");
    t.match(said, /\/var\/lib\/cairn is kept/);
    t.match(said, /\/var\/lib\/cairn-hub is kept/);
    t.equal((await runs()).replaceAll("inactive\n", ""), "");
    await machine.does("test -f /var/lib/cairn/keeper/key.pem && test -f /var/lib/cairn-hub/hub.db");
    const left =
      "find /usr/lib/cairn /usr/bin/cairn /etc/cairn /etc/systemd/system/*.wants /usr/lib/systemd/system -name '*cairn*'";
    t.notMatch((await machine.run(left)).out, /^\//m);
  });

  await t.test("installed again, it goes on where it was", async (t) => {
    await machine.does("apt-get install --yes ./cairn*.deb");
    await machine.does("systemctl enable --now cairn-hub cairn-courier");
    t.match(await machine.comesTo(`cairn hub status ${HUB}`, /online/), /4 released/);
  });

  await t.test("without a proxy it goes direct", async () => {
    await machine.does("systemctl stop squid && echo 127.0.0.1 hub.example.org >> /etc/hosts");
    await machine.does(`sed -i 's|"proxy": ".*"|"proxy": null|' /var/lib/cairn/courier/settings.json`);
    await machine.does("systemctl restart cairn-courier");
    await machine.comesTo(`cairn agent status ${AGENT}`, /The link works/);
    await machine.does('test -z "$(ls /var/lib/cairn/courier | grep tunnel)"');
  });
});

/** The same packages with a higher version in their control file and in the command. */
function later(from: string, into: string, scratch: string): void {
  mkdirSync(into, { recursive: true });
  for (const name of readdirSync(from).filter((each) => each.endsWith(".deb"))) {
    const folder = join(scratch, name);
    mkdirSync(scratch, { recursive: true });
    ran("dpkg-deb", ["-R", join(from, name), folder]);
    const newer = (path: string, what: string): void =>
      writeFileSync(path, readFileSync(path, "utf8").replaceAll(what, what.replace("0.1.0", "0.1.1")));
    newer(join(folder, "DEBIAN/control"), "Version: 0.1.0");
    newer(join(folder, "DEBIAN/control"), "cairn (= 0.1.0)");
    if (name.startsWith("cairn_"))
      for (const room of ["cli", "agent", "hub"])
        newer(join(folder, "usr/lib/cairn/node_modules/@cairn", room, "package.json"), `"version": "0.1.0"`);
    ran("dpkg-deb", [
      "-Znone",
      "--root-owner-group",
      "-b",
      folder,
      join(into, name.replace("0.1.0", "0.1.1")),
    ]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function ran(command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stdout}${stderr}`);
}
