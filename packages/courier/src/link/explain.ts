/** Names what is wrong with the link: the transport's own words are for programmers. */
import { UnreachableError } from "@cairn/wire";
import { CourierError } from "../errors.js";
import type { Route } from "./route.js";

/** TLS errors that mean an answer in another protocol. */
const NO_TLS =
  /WRONG_VERSION_NUMBER|wrong version number|PACKET_LENGTH_TOO_LONG|packet length too long|EPROTO/i;

/** Words where something else answers in the hub's place, a web page for instance; null for any other error. */
export function notTls(said: string, hub: string): string | null {
  if (!NO_TLS.test(said)) return null;
  return `what answers at ${hub} is not the hub's port for agents (a web page, perhaps): check the host and the port with the hub's operator`;
}

const MEANINGS: readonly (readonly [RegExp, CourierError["code"], (hub: string) => string])[] = [
  [
    /ENOTFOUND|EAI_AGAIN|Name resolution failed/i,
    "hub-name-unknown",
    (hub) => `the hub's name in ${hub} is not known here: check the address and this machine's DNS`,
  ],
  [
    /not yet valid|has expired|CERT_NOT_YET_VALID|CERT_HAS_EXPIRED/i,
    "intercepted",
    (hub) => `the certificate of ${hub} is not valid at this machine's time: check its clock, then the hub`,
  ],
  [
    /does not match certificate|altnames/i,
    "intercepted",
    (hub) =>
      `${hub} shows the hub's certificate under another name: use the name that the hub was set up with`,
  ],
  [
    /certificate|CERT_|SELF_SIGNED|UNABLE_TO_/i,
    "intercepted",
    (hub) =>
      `something between here and ${hub} shows a certificate that is not the hub's (TLS inspection?): have ${hub} exempted from it, or ask the hub's operator whether the hub has replaced its root, and for a new join code`,
  ],
];

/** The error in words where it is about the link. @returns any other error unchanged. */
export function explained(error: unknown, route: Pick<Route, "hub" | "problem">): unknown {
  if (!(error instanceof UnreachableError)) return error;
  const onTheWay = route.problem();
  if (onTheWay) return onTheWay;
  const hub = `${route.hub.host}:${route.hub.port}`;
  if (error.code === "deadline") {
    const words = `the hub at ${hub} did not answer in time: see whether a firewall on the way drops it silently, then whether the hub is busy`;
    return new CourierError("hub-unreachable", words, { cause: error });
  }
  const other = notTls(error.message, hub);
  if (other) return new CourierError("hub-unreachable", other, { cause: error });
  const meaning = MEANINGS.find(([pattern]) => pattern.test(error.message));
  if (meaning) return new CourierError(meaning[1], meaning[2](hub), { cause: error });
  const refused = /ECONNREFUSED/.test(error.message) ? " (connection refused)" : "";
  return new CourierError(
    "hub-unreachable",
    `the hub at ${hub} does not answer${refused}: check that it runs and that this machine may reach it`,
    { cause: error },
  );
}
