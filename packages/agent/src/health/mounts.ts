/** Whether a folder is on a disk of this machine: SQLite's locks and its shared memory do not hold over a network. */
import { readFileSync, realpathSync } from "node:fs";

interface Mount {
  readonly type: string; // ext4, nfs4, fuse.sshfs
  readonly source: string; // /dev/sda1, server:/export
}

/** File systems on disks of this machine, by the name that Linux gives them. */
const OF_THIS_MACHINE =
  /^(?:ext[234]|xfs|btrfs|zfs|bcachefs|f2fs|jfs|reiserfs|overlay|tmpfs|ramfs|rootfs|ntfs3?|fuseblk|exfat|vfat)$/;
const OVER_A_NETWORK =
  /^(?:nfs\d?|cifs|smb\d?|smbfs|afs|ncpfs|coda|9p|ceph|lustre|glusterfs|beegfs|gpfs|virtiofs|vboxsf|vmhgfs|prl_fs|davfs|fuse\.(?:sshfs|glusterfs|ceph|davfs2?|s3fs|rclone|gcsfuse|curlftpfs|smbnetfs|vmhgfs-fuse|juicefs))$/;

/** True: on this machine's own disk; false: over a network, or shared by a machine around this one; null: not known. */
export function isLocal({ type }: Mount): boolean | null {
  if (OVER_A_NETWORK.test(type)) return false;
  return OF_THIS_MACHINE.test(type) ? true : null;
}

/**
 * The file system of a folder; null where the system does not state it.
 * @throws as `realpath`, of a folder that is not there
 */
export function mountOf(folder: string): Mount | null {
  const path = realpathSync(folder);
  try {
    return mountAmong(readFileSync("/proc/self/mountinfo", "utf8"), path);
  } catch {
    return null; // not Linux
  }
}

/**
 * The newest mount on the longest way to the path.
 * @param mountinfo as proc(5) describes it. @param path absolute, without links.
 */
export function mountAmong(mountinfo: string, path: string): Mount | null {
  let found: (Mount & { readonly point: string }) | null = null;
  for (const line of mountinfo.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const point = plain(before.split(" ")[4] ?? "");
    const [type = "", source = ""] = after.split(" ");
    const isAbove = point !== "" && (path === point || path.startsWith(point === "/" ? "/" : `${point}/`));
    if (isAbove && point.length >= (found?.point.length ?? 0)) found = { point, type, source: plain(source) };
  }
  return found;
}

/** Blanks and backslashes are written in octal there. */
function plain(text: string): string {
  return text.replaceAll(/\\(\d{3})/g, (_all, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
