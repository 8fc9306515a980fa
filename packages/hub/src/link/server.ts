import { isIP } from "node:net";
import { serveHub, type HubServer } from "@cairn/wire/grpc";
import { HubError } from "../errors.js";

/** Listens for agents. @throws HubError address-in-use */
export async function startLink(...asked: Parameters<typeof serveHub>): Promise<HubServer> {
  const [, host, port] = asked;
  return serveHub(...asked).catch((cause: unknown) => {
    const words = `cannot listen on ${isIP(host) === 6 ? `[${host}]` : host}:${port} for agents: choose another --grpc-port or --host`;
    throw new HubError("address-in-use", words, { cause });
  });
}
