/** How the hub's authority stands: what of it ends when, which agents know the next root, and what to do. */
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { joinNames } from "@cairn/ledger";
import type { Hub } from "../hub.js";
import { DAY_MS } from "../keys/certificates.js";
import { leftOutWithout } from "./successor-known.js";
import type { NextStep } from "./next-step.js";

export interface AuthorityStatus {
  /** The end of each certificate in use: the server's, the issuer's, and the roots', oldest first. */
  readonly certificates: readonly {
    readonly what: "server" | "issuer" | "root";
    readonly name: string;
    readonly until: string; // ISO 8601
  }[];
  /** Practices that would be left out without the older of two roots; null where there is one root. */
  readonly leftOut: readonly string[] | null;
  readonly todo: readonly NextStep[];
}

/** Days before its end at which there is something to do; the server's certificate is renewed by the hub itself. */
const ISSUER_DAYS = 180;
const ROOT_DAYS = 365;

export async function authorityStatus(hub: Hub): Promise<AuthorityStatus> {
  const { authority, files } = hub;
  const roots = authority.inForce.map(({ certificate }) => certificate);
  const server = readFileSync(join(files.folder, "keys/server.crt"), "utf8"); // as the hub that runs has renewed it
  const issuer = authority.issuer.certificate;
  const shown = [
    ...[
      { what: "server" as const, pem: server },
      { what: "issuer" as const, pem: issuer },
    ],
    ...roots.map((pem) => ({ what: "root" as const, pem })),
  ];
  const certificates = shown.map(({ what, pem }) => {
    const { subject, validTo } = new X509Certificate(pem);
    return { what, name: subject.replace(/^CN=/, ""), until: new Date(validTo).toISOString() };
  });
  const leftOut = roots.length > 1 ? await leftOutWithout(hub) : null;
  return { certificates, leftOut, todo: nextSteps(hub, leftOut) };
}

function nextSteps({ authority, files, settings }: Hub, leftOut: readonly string[] | null): NextStep[] {
  const ends = (pem: string): string => new X509Certificate(pem).validTo;
  const daysLeft = (pem: string): number => (Date.parse(ends(pem)) - settings.now()) / DAY_MS;
  const day = (pem: string): string => new Date(ends(pem)).toISOString().slice(0, 10);
  const todo: NextStep[] = [];
  const root = authority.newestRoot;
  const issuer = authority.issuer.certificate;
  const areTwo = authority.inForce.length > 1;
  if (daysLeft(issuer) < ISSUER_DAYS)
    todo.push({
      what: `What signs the agents' certificates ends on ${day(issuer)}. Bring ${areTwo ? "the keys of both roots" : "the root's key"}, and put another in its place:`,
      command: [
        ...["hub", "ca", "next", "--issuer", "--root-key", "FILE"],
        ...(areTwo ? ["--root-key", "NEW-FILE"] : []),
      ],
    });
  if (daysLeft(root) < ROOT_DAYS)
    todo.push({
      what: `The root by which agents know this hub ends on ${day(root)}. Bring its key, and make the next one, months before:`,
      command: ["hub", "ca", "next", "--root", "--root-key", "FILE", "--out", "NEW-FILE"],
    });
  if (leftOut?.length === 0)
    todo.push({
      what: "Every agent knows the newer of the two roots. The older may go:",
      command: ["hub", "ca", "drop", "--root-key", "NEW-FILE"],
    });
  if (leftOut && leftOut.length > 0)
    todo.push({
      what: `${joinNames(leftOut)}: not known yet to trust the newer of the two roots. Each learns of it when its agent renews its certificate, every week or when it comes back; nothing for you to do.`,
    });
  if (existsSync(join(files.folder, "keys/root.key")))
    todo.push({
      what: "Move keys/root.key, in the hub's folder, to an encrypted stick in a drawer: whoever has it can pass for this hub.",
    });
  return todo;
}
