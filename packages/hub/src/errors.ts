import { CairnError, type ErrorKind } from "@cairn/errors";

/** Codes of the errors that the hub's operator meets on the command line, each with its kind. */
const KIND = {
  exists: "wrong-use", // init over a hub that is there
  "no-hub": "unavailable", // no hub in this folder
  "no-access": "unavailable", // this user may not look into the folder
  running: "unavailable", // another process serves this folder
  incomplete: "unavailable", // a file of the hub is missing or unreadable
  "disk-full": "unavailable", // of the folder or the database
  "host-wrong": "wrong-use", // neither a DNS name nor an IP address that agents could dial
  "name-wrong": "wrong-use", // of a practice or group: empty, too long, or not on one line
  "practice-unknown": "wrong-use", // no practice of this name at this hub
  "group-unknown": "wrong-use", // no group of this name at this hub
  "query-unknown": "wrong-use", // no such query in the published library
  "name-taken": "wrong-use", // another practice has it
  "name-like": "refused", // another practice's differs from it in capitals, spaces or stops alone
  "not-a-member": "wrong-use", // of the group that it is to leave
  "agent-there": "refused", // an agent is enrolled or admitted, and nobody said that it may be replaced
  "list-wrong": "wrong-use", // a list, of practices to invite or of references, that cannot be read as one
  "not-waiting": "unavailable", // nothing of this practice waits to be admitted
  "keeper-elsewhere": "refused", // the agent is admitted as another practice
  "fingerprint-differs": "refused", // what was read out is not the fingerprint of the agent that waits
  "no-library": "unavailable", // nothing is published yet
  "library-wrong": "does-not-hold", // a folder that is no library, or does not check
  "role-wrong": "wrong-use", // no role of a hub, or groups that it cannot have
  "provider-wrong": "wrong-use", // an OpenID Connect provider's address or a key that cannot be
  "person-unknown": "wrong-use", // nobody of this name has an account
  "may-not": "refused", // this person's role may not do it
  "charter-overdue": "refused", // its review is a year overdue: no new query is asked
  "not-in-charter": "wrong-use", // a query that the group's charter does not let it ask
  "schedule-wrong": "wrong-use", // a cron expression, zone or number that cannot be
  "schedule-unknown": "wrong-use", // no schedule of this number
  "root-key-wrong": "wrong-use", // the key of a root in force was not given
  "key-place": "wrong-use", // a root's key is written into a folder that is there, outside of the hub's
  "root-waits": "wrong-use", // a next root beside two
  "no-next-root": "wrong-use", // the only root cannot be dropped
  "left-out": "refused", // agents that know the older root alone, and nobody said that they may be left out
  "policy-wrong": "wrong-use", // a witness policy that is none, or does not name this hub's log
  "address-in-use": "unavailable", // another process listens there
  "backup-place": "wrong-use", // a backup goes into a new or empty folder outside of the hub's
  "backup-unsound": "does-not-hold", // not a whole backup of a hub
} as const satisfies Record<string, ErrorKind>;

export type HubErrorCode = keyof typeof KIND;

/** One line: what, where, what to do. */
export class HubError extends CairnError<HubErrorCode> {
  readonly kind = KIND[this.code];
}
