import { join } from "node:path";

/** Where a keeper keeps what. @param data the agent's folder, `--data`. */
export function keeperFolder(data: string): string {
  return join(data, "keeper");
}

export function keyFile(folder: string): string {
  return join(folder, "key.pem");
}

export function databaseFile(folder: string): string {
  return join(folder, "keeper.db");
}

/** The Unix socket between keeper and courier. @param data the agent's folder. */
export function socketFile(data: string): string {
  return join(data, "run", "keeper.sock");
}
