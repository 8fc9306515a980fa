/** The folders of an agent's two halves: in one folder, or in two beside each other, as units of earlier versions had them. */
import { shellWord } from "@cairn/text";
import { readlinkSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { courierFolder } from "@cairn/courier/folder";
import { keeperFolder, socketFile } from "@cairn/keeper/practice";

export interface LayoutFlags {
  readonly data: string;
  /** The folder that holds the courier's, where it is not `data`. */
  readonly courierData?: string;
  readonly socket?: string;
}

export interface Layout {
  readonly data: string;
  readonly courierData: string;
  /** The keeper's own folder. */
  readonly keeper: string;
  /** The courier's own folder. */
  readonly courier: string;
  /** The Unix socket between the two. */
  readonly socket: string;
  /** The agent's commands, as a person types them. */
  readonly commands: {
    readonly start: string;
    /** The end of a command of the agent: ` --data DIR`, or nothing. */
    readonly where: string;
  };
}

/** The folder that every command takes where none is given. */
const DEFAULT_DATA = "cairn-agent";

/**
 * Finds an agent's folders. Of `NAME-keeper` without a courier in it, the courier's half is in `NAME-courier` beside
 * it, and the socket in `/run/NAME`.
 */
export function layoutOf({ data, courierData, socket }: LayoutFlags): Layout {
  const name = /^(.+)-keeper$/.exec(basename(data))?.[1];
  const beside = name === undefined ? null : join(dirname(data), `${name}-courier`);
  const two = beside !== null && !isFolder(courierFolder(data)) && isFolder(beside);
  const other = courierData ?? (two ? beside : data);
  const said = courierData === undefined ? "" : ` --courier-data ${shellWord(courierData)}`;
  const where = `${data === DEFAULT_DATA ? "" : ` --data ${shellWord(data)}`}${said}`;
  const units = other === data && !isRunByUnits(data) ? null : (name ?? "cairn");
  return {
    data,
    courierData: other,
    keeper: keeperFolder(data),
    courier: courierFolder(other),
    socket: socket ?? (two ? `/run/${name}/keeper.sock` : socketFile(data)),
    commands: {
      where,
      start:
        units === null ? `cairn agent start${where}` : `systemctl start ${units}-keeper ${units}-courier`,
    },
  };
}

/** What is installed as services has its socket in the service manager's folder, with a link to it. */
function isRunByUnits(data: string): boolean {
  try {
    return readlinkSync(join(data, "run")).startsWith("/run/");
  } catch {
    return false; // no link: a folder that `agent start` made, or none yet
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // not there, or not for this user to see
  }
}
