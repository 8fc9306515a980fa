/** What a witness fetches from a hub's pages and hands back to them, and what it asks of another witness. */
import { readWitnessRequest, WITNESS_REQUEST_BYTES, type WitnessRequest } from "@cairn/audit-log";
import { WitnessError } from "./errors.js";

const PATIENCE_MS = 30_000;

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The request for a signature of the hub's present checkpoint. @param from size of the one signed last. @throws WitnessError address-wrong, hub-unavailable */
export async function fetchRequest(hub: string, from: number): Promise<WitnessRequest> {
  const { status, text } = await ask(pageOf(hub, `checkpoint?from=${from}`));
  const request = status === 200 ? readWitnessRequest(text) : null;
  if (request) return request;
  throw unavailable(
    hub,
    status === 200 ? "it answers with something that is no checkpoint" : firstLine(text, status),
  );
}

/** Hands a checkpoint with signatures to the hub. @throws WitnessError hub-unavailable */
export async function handBack(hub: string, note: string): Promise<void> {
  const { status, text } = await ask(pageOf(hub, "cosignatures"), note);
  if (status !== 200) throw unavailable(hub, `it does not keep the signature: ${firstLine(text, status)}`);
}

/** Sends a request to a witness (C2SP tlog-witness). @param prefix its submission prefix. @throws WitnessError hub-unavailable */
export async function askWitness(prefix: string, request: string): Promise<Answer> {
  return ask(pageOf(prefix, "add-checkpoint"), request);
}

export function unavailable(url: string, words: string, cause?: unknown): WitnessError {
  return new WitnessError("hub-unavailable", `${url}: ${words}; try again later, or check the address`, {
    cause,
  });
}

/** GET, or POST where there is a body. The answer is read up to the longest that a request may be. */
async function ask(url: URL, body?: string): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const post = { method: "POST", body, headers: { "content-type": "text/plain" } };
    const reply = await fetch(url, { ...(body === undefined ? {} : post), redirect: "error", signal });
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of (reply.body ?? []) as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > WITNESS_REQUEST_BYTES) throw new Error("it answers with too much");
      parts.push(part);
    }
    return {
      status: reply.status,
      text: new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts)),
    };
  } catch (cause) {
    throw unavailable(url.origin, "it does not answer as it should", cause);
  }
}

/** A page below an address. @throws WitnessError address-wrong */
function pageOf(address: string, page: string): URL {
  const folder = address.endsWith("/") ? address : `${address}/`;
  if (/^https?:\/\//i.test(folder) && URL.canParse(page, folder)) return new URL(page, folder);
  throw new WitnessError(
    "address-wrong",
    `${JSON.stringify(address)} is no address of pages: write it as in a browser, https://hub.example.org`,
  );
}

/** The first words of an answer that says no: nothing that a terminal would carry out. */
function firstLine(text: string, status: number): string {
  const [line = ""] = text.split("\n");
  return /^[ -~]{1,200}$/.test(line) ? `${status} ${line}` : String(status);
}
