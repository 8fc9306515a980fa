/** The way to the hub of an agent that has enrolled: address and proxy, as they stand and changed. */
import { changeRoute, readSettings, type Settings } from "@cairn/courier/folder";
import type { Layout } from "../folder/layout.js";
import { asOwnerOf } from "../folder/owner.js";

/** The courier's settings; null before the first try to enrol. @throws CourierError settings-unreadable */
export function routeSettings({ courier }: Layout): Settings | null {
  return readSettings(courier);
}

/** Goes another way to the same hub from the courier's next start on. */
export function changeRouteTo({ courier }: Layout, to: Pick<Settings, "hub" | "proxy">): Promise<void> {
  return asOwnerOf(courier, () => changeRoute(courier, to));
}
