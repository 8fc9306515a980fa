import type { Keeper } from "../keeper.js";

/** Whether the running keeper could reach a network; null where none answers on the socket. */
export async function networkOfKeeperOn(socket: string): Promise<Keeper["network"] | null> {
  const { connectKeeper } = await import("@cairn/wire/grpc"); // no other command of the practice asks its keeper
  const keeper = connectKeeper(socket);
  try {
    const { network } = await keeper.describe({}, { deadlineMs: 3000 });
    return network === "isolated" ? "isolated" : "open";
  } catch {
    return null; // nothing there, or nothing that speaks: the caller says which command starts one
  } finally {
    keeper.close();
  }
}
