/** Codes of the errors that people meet when the link to the hub fails. */
export type CourierErrorCode =
  | "address-wrong" // not host:port
  | "proxy-wrong" // a proxy setting that would go direct, or cannot be read
  | "proxy-authentication" // 407
  | "proxy-refused" // the proxy answers, and not with a tunnel
  | "proxy-unreachable"
  | "hub-unreachable"
  | "hub-name-unknown"
  | "intercepted" // somebody else's certificate is shown in the hub's place
  | "ca-differs" // no certificate of this hub is the one that the join code names
  | "fingerprint-differs" // the hub says another fingerprint than this machine computes
  | "wrong-practice" // the join code is for another practice
  | "other-hub" // this folder is enrolled with another hub
  | "not-enrolled"
  | "no-access" // this user may not look into the courier's folder
  | "settings-unreadable"
  | "certificate-unusable" // not of our key, or not signed by the hub's CA
  | "keeper-unreachable"
  | "disk-full";

const EXIT: Readonly<Record<CourierErrorCode, 2 | 3 | 4>> = {
  "address-wrong": 2,
  "proxy-wrong": 2,
  "proxy-authentication": 4,
  "proxy-refused": 4,
  "proxy-unreachable": 4,
  "hub-unreachable": 4,
  "hub-name-unknown": 4,
  intercepted: 4,
  "ca-differs": 3,
  "fingerprint-differs": 3,
  "wrong-practice": 3,
  "other-hub": 3,
  "not-enrolled": 4,
  "no-access": 4,
  "settings-unreadable": 4,
  "certificate-unusable": 3,
  "keeper-unreachable": 4,
  "disk-full": 4,
};

/** One line: what, where, what to do. `exit` is the command line's exit code. */
export class CourierError extends Error {
  override readonly name = "CourierError";
  readonly code: CourierErrorCode;
  readonly exit: 2 | 3 | 4;
  constructor(code: CourierErrorCode, words: string, options?: ErrorOptions) {
    super(words, options);
    this.code = code;
    this.exit = EXIT[code];
  }
}
