/** Enrols: a key made here, a request with the join code, a fingerprint for two people to compare. */
import { createHash, randomUUID } from "node:crypto";
import { fingerprint, parseJoinCode, type EnrolReply__Output } from "@cairn/wire";
import { CourierError } from "../errors.js";
import {
  files,
  readIfThere,
  readSettings,
  writeSettings,
  writeWhole,
  type Settings,
} from "../identity/folder.js";
import { keepCertificate } from "../identity/identity.js";
import { ownKey, requestFor, spkiOf } from "../identity/keys.js";
import { believedRoots, digestsIn } from "../identity/roots.js";
import { HubLink } from "../link/hub-link.js";
import { findPinnedRoot } from "../link/pin.js";
import { openRoute } from "../link/route.js";
import { LinkNotes } from "../link/state.js";

export interface EnrolmentRequest {
  readonly joinCode: string;
  readonly hub: string; // host:port
  readonly proxy: string | null;
  readonly keeperKey: Uint8Array; // raw Ed25519
  readonly agentVersion: string;
  /** The practice that the code must be made out to; any where absent. */
  readonly practice?: string;
  readonly now?: () => number;
}

export interface Enrolment {
  readonly state: "awaiting-admission" | "admitted";
  readonly practice: string;
  readonly fingerprint: string;
  readonly libraryRoot: Buffer; // root.json of the signed library, whose digest the join code pins
  readonly hubLogKey: Buffer; // raw Ed25519
  /** Whether another keeper has answered for this practice before. */
  readonly answeredBefore: boolean;
}

/**
 * Tries once to enrol. The same code and key always give the same answer, so a lost reply costs nothing. Settings of
 * before, with their code, stay until the hub has taken the new one.
 * @param notes of the courier's own, where it is the courier that tries.
 * @throws WireRefusal join-code-*, clock-skew, revoked ...; CourierError
 */
export async function enrol(
  folder: string,
  about: EnrolmentRequest,
  notes = new LinkNotes(folder, about.now ?? Date.now),
): Promise<Enrolment> {
  const code = parseJoinCode(about.joinCode);
  const known = readSettings(folder);
  const settings = settingsFor(folder, known, about, code.caDigest);
  const route = await openRoute(about.hub, about.proxy, folder);
  try {
    const caBundle = await findPinnedRoot(route, [code.caDigest.toString("hex")]);
    const key = ownKey(folder);
    if (known === null) writeSettings(folder, settings); // before it is sent: the instance that the hub hears of is kept
    const link = new HubLink({ route, identity: { caBundle }, onDate: (date) => notes.clock(date) });
    try {
      const request = {
        joinCode: about.joinCode,
        csr: await requestFor(key),
        keeperKey: Buffer.from(about.keeperKey),
        instance: settings.instance,
        agentVersion: about.agentVersion,
        sentAt: (about.now ?? Date.now)(),
      };
      const reply = await link.call((hub) => hub.enrol(request, { deadlineMs: 20_000 }));
      checkReply(reply, { ...about, courierSpki: spkiOf(key), rootDigest: code.rootDigest });
      const enrolment = keep(folder, settings, caBundle, reply);
      if (enrolment.state === "admitted") notes.heard();
      else notes.waits(reply.fingerprint, waitingWords(reply.fingerprint));
      return enrolment;
    } finally {
      link.close();
    }
  } finally {
    route.close();
  }
}

function waitingWords(fingerprint: string): string {
  return `waiting until someone at the hub has compared the fingerprint ${fingerprint}`;
}

function settingsFor(
  folder: string,
  known: Settings | null,
  about: EnrolmentRequest,
  caDigest: Buffer,
): Settings {
  const pinned = caDigest.toString("hex");
  const trusted = digestsIn(readIfThere(files.ca(folder)) ?? "");
  if (known && known.joinCode === null && known.caDigest !== pinned && !trusted.includes(pinned)) {
    throw new CourierError(
      "other-hub",
      `this agent is enrolled with another hub (${known.hub}): make a new agent folder for this one. Where it is the same hub, which has replaced its root while this agent was away, remove the folder courier, leave its folder keeper, and enrol with this join code. Where that hub is gone for good and this one takes its place, do the same with --new-hub`,
    );
  }
  return {
    hub: about.hub,
    proxy: about.proxy,
    instance: known?.instance ?? randomUUID(),
    generation: known?.generation ?? 0,
    practice: known?.practice ?? null,
    joinCode: about.joinCode,
    keeperKey: Buffer.from(about.keeperKey).toString("hex"),
    caDigest: pinned,
    renewal: null,
  };
}

/** Checks the hub's reply against what this machine knows by itself. */
function checkReply(
  reply: EnrolReply__Output,
  known: EnrolmentRequest & { readonly courierSpki: Buffer; readonly rootDigest: Buffer },
): void {
  if (known.practice !== undefined && reply.practice !== known.practice) {
    throw new CourierError(
      "wrong-practice",
      `this join code is for ${reply.practice}, not for ${known.practice}`,
    );
  }
  const root = createHash("sha256").update(reply.libraryRoot).digest();
  const computed = fingerprint(known.courierSpki, known.keeperKey, reply.libraryRoot);
  if (!root.equals(known.rootDigest) || computed !== reply.fingerprint) {
    throw new CourierError(
      "fingerprint-differs",
      "the hub's answer names other keys than the join code and this machine: do not go on, and tell the hub's operator",
    );
  }
}

function keep(folder: string, settings: Settings, pinnedRoot: string, reply: EnrolReply__Output): Enrolment {
  const practice = reply.practice;
  const admitted = reply.state === "ENROL_STATE_ADMITTED";
  if (admitted) {
    const held = {
      certificate: reply.certificate.toString("utf8"),
      caBundle: believedRoots(pinnedRoot, reply.caBundle.toString("utf8")),
    };
    keepCertificate(folder, { ...settings, practice, generation: reply.generation, joinCode: null }, held);
  } else {
    writeWhole(files.ca(folder), pinnedRoot);
    writeSettings(folder, { ...settings, practice });
  }
  return {
    state: admitted ? "admitted" : "awaiting-admission",
    practice,
    fingerprint: reply.fingerprint,
    libraryRoot: reply.libraryRoot,
    hubLogKey: reply.hubLogKey,
    answeredBefore: reply.answeredBefore,
  };
}
