/** What people at the practice meet on the command line. */
export type KeeperErrorCode =
  | "exists" // init over a keeper that is there
  | "no-keeper" // no keeper in this folder
  | "key-unreadable"
  | "nothing-waits" // nothing of this name to approve or decline
  | "rule-wrong"
  | "floor-unknown"
  | "pinned-otherwise" // enrolled with another hub or library root
  | "author-mode" // a sandbox is never enrolled
  | "running" // another keeper holds the socket
  | "socket-unusable";

const EXIT: Readonly<Record<KeeperErrorCode, 1 | 2 | 3 | 4>> = {
  exists: 2,
  "no-keeper": 4,
  "key-unreadable": 4,
  "nothing-waits": 2,
  "rule-wrong": 2,
  "floor-unknown": 2,
  "pinned-otherwise": 3,
  "author-mode": 3,
  running: 4,
  "socket-unusable": 4,
};

/** One line: what, where, what to do. `exit` is the command line's exit code. */
export class KeeperError extends Error {
  override readonly name = "KeeperError";
  readonly code: KeeperErrorCode;
  readonly exit: 1 | 2 | 3 | 4;
  constructor(code: KeeperErrorCode, words: string, options?: ErrorOptions) {
    super(words, options);
    this.code = code;
    this.exit = EXIT[code];
  }
}
