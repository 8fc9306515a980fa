/** Finds the hub's CA with nothing but a join code: of any chain shown, only the pinned root is taken. */
import { createHash } from "node:crypto";
import { isIP } from "node:net";
import tls from "node:tls";
import { CourierError } from "../errors.js";
import { notTls } from "./explain.js";
import type { Route } from "./route.js";

const PATIENCE_MS = 20_000;

/**
 * The root that the join code names, or one that is trusted since (PEM), from the certificates that the hub shows.
 * Nothing is sent: the real connection, verified against this root, comes after.
 * @param digests SHA-256 of the DER of each root that will do, hex.
 * @throws CourierError ca-differs, hub-unreachable, hub-name-unknown, proxy-*
 */
export async function findPinnedRoot(route: Route, digests: readonly string[]): Promise<string> {
  const shown = await certificatesShown(route);
  const root = shown.find((der) => digests.includes(createHash("sha256").update(der).digest("hex")));
  if (!root) {
    throw new CourierError(
      "ca-differs",
      `what answers at ${route.hub.host}:${route.hub.port} is not the hub that this join code names (another hub, TLS inspection on the way, or a code from before the hub replaced its root: ask its operator for a new one)`,
    );
  }
  const lines = root.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function certificatesShown(route: Route): Promise<Buffer[]> {
  const { hub, tunnel } = route;
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      ...(tunnel === null ? hub : { path: tunnel }),
      ...(isIP(hub.host) ? {} : { servername: hub.host }),
      ALPNProtocols: ["h2"],
      rejectUnauthorized: false, // looked at by its digest, and nothing is said to it
    });
    const fail = (why: string, code: CourierError["code"] = "hub-unreachable"): void => {
      socket.destroy();
      const other = notTls(why, `${hub.host}:${hub.port}`);
      const words =
        other ??
        `the hub at ${hub.host}:${hub.port} ${why}: check the address, and that this machine may reach it`;
      reject(route.problem() ?? new CourierError(code, words));
    };
    socket.setTimeout(PATIENCE_MS, () => fail("does not answer"));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      const unknown = error.code === "ENOTFOUND" || error.code === "EAI_AGAIN";
      // Give the tunnel a moment to have said what the proxy answered.
      setImmediate(() =>
        fail(`cannot be reached (${error.code ?? error.message})`, unknown ? "hub-name-unknown" : undefined),
      );
    });
    socket.once("close", () => setImmediate(() => fail("closed the connection")));
    socket.once("secureConnect", () => {
      const found: Buffer[] = [];
      let at: tls.DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
      while (at?.raw && !found.some((der) => der.equals(at?.raw as Buffer))) {
        found.push(at.raw);
        at = at.issuerCertificate;
      }
      socket.removeAllListeners("close");
      socket.destroy();
      resolve(found);
    });
  });
}
