/** Codes of the errors that people at the practice meet on the command line. */
export type KeeperErrorCode =
  | "exists" // init over a keeper that is there
  | "no-keeper" // no keeper in this folder
  | "no-access" // this user may not look into the folder
  | "store-lost" // a folder that had a database has none any more
  | "key-unreadable"
  | "nothing-waits" // nothing of this name to approve or decline
  | "rule-wrong"
  | "name-wrong" // of a group, a practice or a person: nothing that can be printed on one line
  | "group-unsaid" // several groups wait for the query: which one is meant
  | "library-expired" // nothing new is accepted
  | "floor-unknown"
  | "run-unknown" // no run of this name was offered here
  | "not-released" // nothing of the run has left, so there is nothing to take back
  | "withdrawn-already"
  | "not-withdrawn" // only what was taken back can be corrected
  | "corrected-already" // one corrected run, and no more
  | "history-lost" // what was released for the date went with a restore
  | "date-too-old" // older than the kept history
  | "why-missing" // a withdrawal without a reason
  | "backup-place" // a backup goes into a new or empty folder outside of the agent's
  | "backup-unsound" // not a whole backup, or its log does not replay
  | "hub-log-settled" // the hub shows no other log than the one that is countersigned
  | "hub-log-forked" // it shows two histories of one log: no person here can make them one
  | "pinned-otherwise" // enrolled with another hub or library root
  | "author-mode" // a sandbox is never enrolled
  | "user-wrong" // of the courier: not there, the keeper's own, or not ours to give
  | "running" // another keeper holds the socket
  | "socket-unusable";

const EXIT: Readonly<Record<KeeperErrorCode, 1 | 2 | 3 | 4>> = {
  exists: 2,
  "no-keeper": 4,
  "no-access": 4,
  "store-lost": 4,
  "key-unreadable": 4,
  "nothing-waits": 2,
  "rule-wrong": 2,
  "name-wrong": 2,
  "group-unsaid": 2,
  "library-expired": 3,
  "floor-unknown": 2,
  "run-unknown": 2,
  "not-released": 2,
  "withdrawn-already": 2,
  "not-withdrawn": 2,
  "corrected-already": 3,
  "history-lost": 3,
  "date-too-old": 3,
  "why-missing": 2,
  "backup-place": 2,
  "backup-unsound": 1,
  "hub-log-settled": 2,
  "hub-log-forked": 3,
  "pinned-otherwise": 3,
  "author-mode": 3,
  "user-wrong": 2,
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
