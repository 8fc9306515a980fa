import { CairnError, type ErrorKind } from "@cairn/errors";

/** Codes of the errors that people at the practice meet on the command line, each with its kind. */
const KIND = {
  exists: "wrong-use", // init over a keeper that is there
  "no-keeper": "unavailable", // no keeper in this folder
  "no-access": "unavailable", // this user may not look into the folder
  "store-lost": "unavailable", // a folder that had a database has none any more
  "key-unreadable": "unavailable", // the keeper's signing key is damaged or missing
  "nothing-waits": "wrong-use", // nothing of this name to approve or decline
  "rule-wrong": "wrong-use", // a rule of acceptance that cannot be read
  "body-unknown": "wrong-use", // the library in force names no body of this name
  "name-wrong": "wrong-use", // of a group, a practice or a person: nothing that can be printed on one line
  "group-unsaid": "wrong-use", // several groups wait for the query: which one is meant
  "not-in-charter": "refused", // not among the queries of the group's charter that was accepted
  "library-expired": "refused", // nothing new is accepted
  "charter-overdue": "refused", // its review is a year overdue: nothing new is accepted for the group
  "consent-not-asked": "wrong-use", // no charter in force, accepted here, lets anybody of the group see names
  "consent-whom-wrong": "wrong-use", // not among those whom the charter lets see names, or one of several
  "consent-date-wrong": "wrong-use", // its last day is none, over, or more than a year away
  "floor-unknown": "wrong-use", // no policy of this name can be the floor
  "run-unknown": "wrong-use", // no run of this name was offered here
  "not-released": "wrong-use", // nothing of the run has left, so there is nothing to withdraw
  "withdrawn-already": "wrong-use", // a release is withdrawn once
  "not-withdrawn": "wrong-use", // only what was withdrawn can be corrected
  "corrected-already": "refused", // one corrected run, and no more
  "history-lost": "refused", // what was released for the date went with a restore
  "date-too-old": "refused", // older than the kept history
  "name-taken": "wrong-use", // somebody has an account under this name
  "role-wrong": "wrong-use", // no role of a practice
  "person-unknown": "wrong-use", // nobody of this name has an account
  "may-not": "refused", // this person's role may not do it
  "why-missing": "wrong-use", // a withdrawal, or "not suitable", without a reason
  "note-text-wrong": "wrong-use", // a note of the practice's own that says nothing, or too much
  "note-date-wrong": "wrong-use", // its date is none, to come, or long past
  "not-sure": "wrong-use", // a button for good, without the box beside it ticked
  stale: "refused", // what was decided on has changed since its person looked
  "backup-place": "wrong-use", // a backup goes into a new or empty folder outside of the agent's
  "backup-unsound": "does-not-hold", // not a whole backup, or its log does not replay
  "hub-log-settled": "wrong-use", // the hub shows no other log than the one that is countersigned
  "hub-log-forked": "refused", // it shows two histories of one log: no person here can make them one
  "pinned-otherwise": "refused", // enrolled with another hub or library root
  "not-enrolled": "wrong-use", // nothing is pinned yet that another root could take the place of
  "root-wrong": "wrong-use", // not a root of a signed library, or one that a single key could sign with
  "already-trusted": "wrong-use", // the root that is trusted already
  "author-mode": "refused", // a sandbox is never enrolled
  "user-wrong": "wrong-use", // of the courier: not there, the keeper's own, or not ours to give
  running: "unavailable", // another keeper holds the socket
  "page-address-wrong": "wrong-use", // not a private address of this machine, or without its certificate and key
  "certificate-unusable": "unavailable", // of the pages at other desks: not to be read, not valid now, or not its key's
  "certificate-ended": "unavailable", // of the pages at other desks: past its end, which stops nothing else
  "socket-unusable": "unavailable", // the path is too long, or cannot be listened on
} as const satisfies Record<string, ErrorKind>;

export type KeeperErrorCode = keyof typeof KIND;

/** One line: what, where, what to do. */
export class KeeperError extends CairnError<KeeperErrorCode> {
  readonly kind = KIND[this.code];
}
