/** The way to the hub of an agent that has enrolled: address and proxy, as they stand and changed. */
import { CourierError, lookAtHub } from "@cairn/courier";
import { changeRoute, readSettings, type Settings } from "@cairn/courier/folder";
import type { Layout } from "../folder/layout.js";
import { asOwnerOf } from "../folder/owner.js";

/** The courier's settings; null before the first try to enrol. @throws CourierError settings-unreadable */
export function routeSettings({ courier }: Layout): Settings | null {
  return readSettings(courier);
}

/**
 * Goes another way to the same hub from the courier's next start on, once the hub has answered by it.
 * @throws CourierError as `lookAtHub` does: then the way of before stays
 */
export function changeRouteTo({ courier }: Layout, to: Pick<Settings, "hub" | "proxy">): Promise<void> {
  return asOwnerOf(courier, async () => {
    await lookAtHub(courier, to).catch((error: unknown) => {
      if (!(error instanceof CourierError)) throw error;
      const words = `the way to the hub stays as it was: ${error.message}`;
      throw new CourierError(error.code, words, { cause: error });
    });
    changeRoute(courier, to);
  });
}
