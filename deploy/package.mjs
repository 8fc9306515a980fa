/**
 * Makes the Debian packages of this commit: `cairn`, `cairn-agent` and `cairn-hub`, the list of what is in them, and their
 * SHA-256 sums. In a clean clone, on Debian 12, with a C++ compiler:
 *
 *     npm ci
 *     node deploy/package.mjs FOLDER [--key KEY] [--version VERSION]
 *
 * The same commit gives the same bytes. KEY is an Ed25519 key of OpenSSH that signs the sums (`ssh-keygen -Y sign`).
 * VERSION takes the place of the one in package.json.
 */
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { native } from "./native.mjs";
import { layOut, ran, SECONDS, VERSION } from "./tree.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const MAINTAINER = "The Cairn authors <cairn@example.org>";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { key: { type: "string" }, version: { type: "string" } },
});
const [target] = positionals;
if (target === undefined || positionals.length !== 1) {
  process.stderr.write("node deploy/package.mjs FOLDER [--key KEY] [--version VERSION]\n");
  process.exit(2);
}
const out = resolve(target);
const version = values.version ?? VERSION;
const changed = ran("git", ["status", "--porcelain"]);
if (changed !== "")
  process.stderr.write(`What is packed is no commit: there are changes that are not in one.\n${changed}`);

/** Puts a file of the checkout where it is installed. */
function put(root, to, from, mode = 0o644) {
  mkdirSync(join(root, dirname(to)), { recursive: true });
  copyFileSync(join(ROOT, from), join(root, to));
  chmodSync(join(root, to), mode);
}

function write(root, to, text) {
  mkdirSync(join(root, dirname(to)), { recursive: true });
  writeFileSync(join(root, to), text);
}

async function cairn(root, scratch) {
  const { node, compiled, licence } = native(scratch);
  await layOut(join(root, "usr/lib/cairn"), { node, compiled, version });
  mkdirSync(join(root, "usr/bin"));
  ran("ln", ["-s", "../lib/cairn/bin/cairn", join(root, "usr/bin/cairn")]);
  put(root, "usr/share/doc/cairn/copyright", "deploy/cairn/copyright");
  copyFileSync(licence, join(root, "usr/share/doc/cairn/LICENSE.node"));
  for (const name of ["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE", "deploy/README.md"])
    put(root, `usr/share/doc/cairn/${name}`, name);
  cpSync(join(ROOT, "docs"), join(root, "usr/share/doc/cairn/docs"), { recursive: true });
  control(root, {
    name: "cairn",
    architecture: "amd64",
    depends: "libc6 (>= 2.34), libstdc++6 (>= 11), util-linux",
    description: "general practices compare their care without handing over a record",
  });
}

/** A side's users, folders, units and settings, and nothing else. */
function side(root, name, { description }) {
  const folder = `deploy/${name}`;
  for (const file of readdirSync(join(ROOT, folder)).filter((each) => /\.(service|socket|timer)$/.test(each)))
    put(root, `usr/lib/systemd/system/${file}`, `${folder}/${file}`);
  put(root, `usr/lib/sysusers.d/cairn-${name}.conf`, `${folder}/sysusers.conf`);
  put(root, `usr/lib/tmpfiles.d/cairn-${name}.conf`, `${folder}/tmpfiles.conf`);
  put(root, `usr/share/doc/cairn-${name}/copyright`, "deploy/cairn/copyright");
  if (name === "agent") {
    put(root, "etc/cairn/watch.conf", `${folder}/watch.conf`);
    put(root, "usr/share/doc/cairn-agent/examples/desks.conf", `${folder}/desks.conf`);
  }
  for (const script of ["postinst", "prerm", "postrm"])
    put(root, `DEBIAN/${script}`, `${folder}/${script}`, 0o755);
  if (name === "agent") write(root, "DEBIAN/conffiles", "/etc/cairn/watch.conf\n");
  control(root, {
    name: `cairn-${name}`,
    architecture: "all",
    depends: `cairn (= ${version}), systemd`,
    description,
  });
}

function control(root, { name, architecture, depends, description }) {
  write(
    root,
    "DEBIAN/control",
    [
      `Package: ${name}`,
      `Version: ${version}`,
      `Architecture: ${architecture}`,
      `Maintainer: ${MAINTAINER}`,
      `Installed-Size: ${kilobytes(root)}`,
      `Depends: ${depends}`,
      "Section: science",
      "Priority: optional",
      `Description: ${description}`,
      "",
    ].join("\n"),
  );
}

/** What is installed, as Debian counts it: files in whole kilobytes, and one for everything else. */
function kilobytes(root) {
  return readdirSync(root, { recursive: true })
    .filter((name) => !/^DEBIAN(\/|$)/.test(name))
    .map((name) => lstatSync(join(root, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? Math.ceil(stat.size / 1024) : 1), 0);
}

/** Makes the package of a folder, and writes its sum. Files have the commit's time, plain modes, and belong to root. */
function build(root, name) {
  const run = ["-type", "f", "-perm", "/100"]; // what its owner may run
  ran("find", [root, "(", "-type", "d", "-o", ...run, ")", "-exec", "chmod", "755", "{}", "+"]);
  ran("find", [root, "-type", "f", "!", "-perm", "/100", "-exec", "chmod", "644", "{}", "+"]);
  ran("find", [root, "-exec", "touch", "--no-dereference", `--date=@${SECONDS}`, "{}", "+"]);
  const env = [`SOURCE_DATE_EPOCH=${SECONDS}`, "LC_ALL=C.UTF-8"];
  const compressed = ["-Zxz", "-z9", "-Sextreme", "--threads-max=1"];
  ran("env", [...env, "dpkg-deb", "--root-owner-group", ...compressed, "--build", root, join(out, name)]);
  const sum = createHash("sha256")
    .update(readFileSync(join(out, name)))
    .digest("hex");
  appendFileSync(join(out, "SHA256SUMS"), `${sum}  ${name}\n`);
  process.stdout.write(`${sum}  ${name}  ${(statSync(join(out, name)).size / 1e6).toFixed(1)} MB\n`);
}

mkdirSync(out, { recursive: true });
rmSync(join(out, "SHA256SUMS"), { force: true });
const scratch = mkdtempSync(join(tmpdir(), "package-"));
try {
  const at = (name) => join(scratch, name);
  await cairn(at("cairn"), at("native"));
  side(at("agent"), "agent", { description: "Cairn at a practice: keeper and courier as services" });
  side(at("hub"), "hub", { description: "Cairn's hub as a service" });
  build(at("cairn"), `cairn_${version}_amd64.deb`);
  build(at("agent"), `cairn-agent_${version}_all.deb`);
  build(at("hub"), `cairn-hub_${version}_all.deb`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (values.key !== undefined) {
  rmSync(join(out, "SHA256SUMS.sig"), { force: true });
  ran("ssh-keygen", ["-Y", "sign", "-q", "-f", resolve(values.key), "-n", "file", join(out, "SHA256SUMS")]);
}
