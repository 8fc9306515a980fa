/** One round of a witness: fetch, check, record, sign, hand back. */
import {
  cosign,
  openCheckpoint,
  peekCheckpoint,
  printWitnessRequest,
  readVkey,
  weigh,
  type Checkpoint,
  type NoteKey,
  type WitnessRequest,
} from "@cairn/audit-log";
import { WitnessError } from "./errors.js";
import type { SignedLog, WitnessFolder } from "./folder.js";
import { askWitness, fetchRequest, handBack, unavailable } from "./hub-pages.js";

/**
 * Countersigns the hub's present checkpoint.
 * @returns the checkpoint
 * @throws WitnessError another-history (both checkpoints are kept), log-unknown, not-signed, hub-unavailable
 */
export async function round(folder: WitnessFolder, hub: string, now: () => Date): Promise<Checkpoint> {
  const { watched, log, last, request } = await present(folder, hub);
  const verdict = weigh(request, log, last);
  if (!verdict.ok) throw refused(folder, watched, request, verdict.why);
  folder.record(watched, request.note);
  await handBack(hub, cosign(request.note, folder.key, now()));
  return verdict.checkpoint;
}

/**
 * Has another witness countersign the hub's present checkpoint, and hands its signature to the hub.
 * @param to the submission prefix of any witness that speaks C2SP tlog-witness
 * @throws WitnessError hub-unavailable
 */
export async function forward(hub: string, to: string): Promise<Checkpoint> {
  for (let from = 0, tries = 0; tries < 3; tries++) {
    const { note, old, proof } = await fetchRequest(hub, from);
    const { status, text } = await askWitness(to, printWitnessRequest({ note, old, proof }));
    if (status === 409 && /^(0|[1-9][0-9]{0,14})\n$/.test(text)) {
      from = Number(text);
      continue;
    }
    const checkpoint = status === 200 ? peekCheckpoint(note + text) : null;
    if (!checkpoint) throw unavailable(to, `the witness does not sign: ${status}`);
    await handBack(hub, note + text);
    return checkpoint;
  }
  throw unavailable(to, "the witness signed another length each time it was asked");
}

interface Present {
  readonly watched: SignedLog;
  readonly log: NoteKey;
  readonly last: Checkpoint | null;
  readonly request: WitnessRequest;
}

/** What the hub shows of a log that this witness was told of. @throws WitnessError log-unknown, hub-unavailable */
async function present(folder: WitnessFolder, hub: string): Promise<Present> {
  const known = folder.logs.flatMap((watched) => {
    const log = readVkey(watched.vkey, "log");
    return log
      ? { watched, log, last: watched.note === null ? null : openCheckpoint(watched.note, log) }
      : [];
  });
  let from = Math.max(0, ...known.map(({ last }) => last?.size ?? 0));
  for (;;) {
    const request = await fetchRequest(hub, from);
    const origin = peekCheckpoint(request.note)?.origin ?? "";
    const found = known.find(({ log }) => log.name === origin);
    if (!found)
      throw new WitnessError(
        "log-unknown",
        `${hub} shows the log ${origin}, which this witness was not told of: where the hub went on in a new log, make a witness with its key (cairn witness init --dir OTHER)`,
      );
    const size = found.last?.size ?? 0;
    if (size === from) return { ...found, request };
    from = size; // another log than the one last asked for
  }
}

function refused(
  folder: WitnessFolder,
  { vkey, note: last }: SignedLog,
  request: WitnessRequest,
  why: "not-signed" | "other-size" | "another-history" | "shorter",
): WitnessError {
  const origin = vkey.slice(0, vkey.indexOf("+"));
  if (why === "not-signed" || last === null)
    return new WitnessError(
      "not-signed",
      `the checkpoint of ${origin} is not signed by the log's key: compare that key with the hub's (cairn hub witnesses)`,
    );
  const evidence = folder.keepEvidence(last, request);
  const [before, shown] = [peekCheckpoint(last)?.size, peekCheckpoint(request.note)?.size];
  return new WitnessError(
    "another-history",
    `the log ${origin} shows ${shown} entries that do not go on from the ${before} that this witness signed; nothing was signed, and both checkpoints are in ${evidence}: show them to the practices and to the hub's operator`,
  );
}
