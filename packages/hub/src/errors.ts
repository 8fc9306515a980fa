/** Codes of the errors that the hub's operator meets on the command line. */
export type HubErrorCode =
  | "exists" // init over a hub that is there
  | "no-hub" // no hub in this folder
  | "no-access" // this user may not look into the folder
  | "running" // another process serves this folder
  | "incomplete" // a file of the hub is missing or unreadable
  | "disk-full"
  | "name-wrong" // of a practice or group: empty, too long, or not on one line
  | "practice-unknown"
  | "group-unknown"
  | "query-unknown"
  | "name-taken" // another practice has it
  | "not-a-member" // of the group that it is to leave
  | "agent-there" // an agent is enrolled or admitted, and nobody said that it may be replaced
  | "list-wrong" // a file of practices to invite that cannot be read as one
  | "needs-yes" // nobody has said that it is meant
  | "not-waiting" // nothing of this practice waits to be admitted
  | "fingerprint-differs"
  | "no-library" // nothing is published yet
  | "library-wrong" // a folder that is no library, or does not check
  | "schedule-wrong" // a cron expression, zone or number that cannot be
  | "schedule-unknown"
  | "address-in-use"
  | "backup-place" // a backup goes into a new or empty folder outside of the hub's
  | "backup-unsound";

const EXIT: Readonly<Record<HubErrorCode, 1 | 2 | 3 | 4>> = {
  exists: 2,
  "no-hub": 4,
  "no-access": 4,
  running: 4,
  incomplete: 4,
  "disk-full": 4,
  "name-wrong": 2,
  "practice-unknown": 2,
  "group-unknown": 2,
  "query-unknown": 2,
  "name-taken": 2,
  "not-a-member": 2,
  "agent-there": 3,
  "list-wrong": 2,
  "needs-yes": 2,
  "not-waiting": 4,
  "fingerprint-differs": 3,
  "no-library": 4,
  "library-wrong": 1,
  "schedule-wrong": 2,
  "schedule-unknown": 2,
  "address-in-use": 4,
  "backup-place": 2,
  "backup-unsound": 1,
};

/** One line: what, where, what to do. `exit` is the command line's exit code. */
export class HubError extends Error {
  override readonly name = "HubError";
  readonly code: HubErrorCode;
  readonly exit: 1 | 2 | 3 | 4;
  constructor(code: HubErrorCode, words: string, options?: ErrorOptions) {
    super(words, options);
    this.code = code;
    this.exit = EXIT[code];
  }
}
