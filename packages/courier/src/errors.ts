import { CairnError, type ErrorKind } from "@cairn/errors";

/** Codes of the errors that people meet when the link to the hub fails, each with its kind. */
const KIND = {
  "address-wrong": "wrong-use", // not host:port
  "proxy-wrong": "wrong-use", // a proxy setting that would go direct, or cannot be read
  "proxy-authentication": "unavailable", // 407
  "proxy-refused": "unavailable", // the proxy answers, and not with a tunnel
  "proxy-unreachable": "unavailable", // no connection to the proxy
  "tunnel-unusable": "unavailable", // the tunnel's socket cannot be made in the courier's folder
  "hub-unreachable": "unavailable", // no answer in time, or no connection
  "hub-name-unknown": "unavailable", // this machine's DNS does not know the name
  intercepted: "unavailable", // somebody else's certificate is shown in the hub's place
  "ca-differs": "refused", // no certificate of this hub is the one that the join code names
  "fingerprint-differs": "refused", // the hub says another fingerprint than this machine computes
  "wrong-practice": "refused", // the join code is for another practice
  "other-hub": "refused", // this folder is enrolled with another hub
  "not-enrolled": "unavailable", // no certificate of a hub in this folder
  "no-access": "unavailable", // this user may not look into the courier's folder
  "settings-unreadable": "unavailable", // the courier's settings file is damaged
  "certificate-unusable": "refused", // not of our key, or not signed by the hub's CA
  "keeper-unreachable": "unavailable", // the keeper does not answer on its socket
  "disk-full": "unavailable", // where the courier's folder is
} as const satisfies Record<string, ErrorKind>;

export type CourierErrorCode = keyof typeof KIND;

/** One line: what, where, what to do. */
export class CourierError extends CairnError<CourierErrorCode> {
  readonly kind = KIND[this.code];
}
