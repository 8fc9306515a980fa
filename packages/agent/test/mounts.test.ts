/** A folder over a network is named as one: SQLite's locks do not hold there. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { isLocal, mountAmong, mountOf } from "../src/health/mounts.js";

/** As Linux writes them: nested, one over another, with a blank in the name. */
const MOUNTINFO = String.raw`22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:21 / /proc rw shared:5 - proc proc rw
24 22 8:2 / /var rw shared:6 - xfs /dev/sda2 rw
25 24 0:44 / /var/lib/cairn rw shared:7 - nfs4 nas:/export/cairn rw,vers=4.2
26 25 8:3 / /var/lib/cairn/keeper rw shared:8 - ext4 /dev/sdb1 rw
27 22 0:50 / /mnt/the\040share rw - cifs //nas/the\040share rw
28 22 0:51 / /home/ann/hub rw - fuse.sshfs ann@far:/ rw
29 22 0:52 / /srv rw master:3 propagate_from:2 - btrfs /dev/sdc rw
30 29 0:53 / /srv rw - 9p host rw
31 22 0:54 / /odd rw - fuse.unheard-of x rw
`;

t.test("of the mounts that lead to a folder the nearest and newest counts", (t) => {
  const on = (path: string): unknown => {
    const mount = mountAmong(MOUNTINFO, path);
    return mount && [mount.type, isLocal(mount)];
  };
  t.same(on("/var/lib/cairn-keeper"), ["xfs", true], "its name begins alike, and it is elsewhere");
  t.same(on("/var/lib/cairn/courier"), ["nfs4", false]);
  t.same(on("/var/lib/cairn"), ["nfs4", false]);
  t.same(on("/var/lib/cairn/keeper"), ["ext4", true]);
  t.same(on("/mnt/the share/x"), ["cifs", false]);
  t.equal(mountAmong(MOUNTINFO, "/mnt/the share")?.source, "//nas/the share");
  t.same(on("/home/ann/hub/agent"), ["fuse.sshfs", false]);
  t.same(on("/srv/agent"), ["9p", false], "the later one hides the earlier");
  t.same(on("/odd"), ["fuse.unheard-of", null], "what nobody knows is not said to hold");
  t.same(on("/etc"), ["ext4", true]);
  t.equal(mountAmong("", "/etc"), null);
  t.end();
});

t.test("of a folder that is only pointed to, the place counts where it leads", (t) => {
  const dir = t.testdir();
  mkdirSync(join(dir, "real"));
  symlinkSync(process.platform === "linux" ? "/proc" : join(dir, "real"), join(dir, "link"));
  const mount = mountOf(join(dir, "link"));
  if (process.platform === "linux") t.match(mount, { type: "proc" });
  else t.equal(mount, null);
  t.throws(() => mountOf(join(dir, "nowhere")), { code: "ENOENT" });
  t.end();
});
