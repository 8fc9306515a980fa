/** Brings a delivery of the signed library from the hub to the keeper, which verifies it. */
import { createHash } from "node:crypto";
import { WireRefusal } from "@cairn/wire";
import { atStep } from "../config.js";
import { askKeeper, type Courier } from "./courier.js";

const LARGEST = 64 * 1024 * 1024;

/**
 * Transfers one edition, without the targets that the keeper holds.
 * @param held their digests.
 * @throws WireRefusal from hub or keeper; CourierError
 */
export async function bringLibrary(
  { hub, keeper }: Courier,
  version: string,
  held: readonly Buffer[],
): Promise<void> {
  const bundle = await atStep("library", () => fetchLibrary(hub, version, held));
  const reply = await askKeeper(keeper.offerLibrary({ bundle, rootDigest: Buffer.alloc(0) }));
  if (reply.accepted) return;
  const { code, words } = reply.refusal ?? { code: "internal", words: "" };
  throw new WireRefusal(
    code as WireRefusal["code"],
    `the keeper turned down library version ${version}: ${words}`,
  );
}

async function fetchLibrary(hub: Courier["hub"], version: string, held: readonly Buffer[]): Promise<Buffer> {
  const asked = { version, held: [...held] };
  const chunks: Buffer[] = [];
  for (let offset = 0; ;) {
    const reply = await hub.call((api) => api.fetchLibrary({ ...asked, offset }, { deadlineMs: 15_000 }));
    chunks.push(reply.chunk);
    offset += reply.chunk.length;
    const size = Number(reply.size);
    if (size > LARGEST || offset > size || (reply.chunk.length === 0 && offset < size)) {
      throw new WireRefusal(
        "library-malformed",
        `library version ${version} came in pieces that do not fit together`,
      );
    }
    if (offset < size) continue;
    const bundle = Buffer.concat(chunks);
    if (!createHash("sha256").update(bundle).digest().equals(reply.digest)) {
      throw new WireRefusal(
        "library-malformed",
        `library version ${version} arrived damaged: it is fetched again`,
      );
    }
    return bundle;
  }
}
