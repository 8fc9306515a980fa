/** What witnesses ask of the hub: the request of C2SP tlog-witness, fetched; and the way back for their signatures. */
import { WITNESS_REQUEST_BYTES } from "@cairn/audit-log";
import { timeLimit } from "@cairn/sign-in";
import type { FastifyReply, FastifyRequest } from "fastify";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import { keepCosignatures, requestFor, type WitnessOutcome } from "../witnesses/gather.js";
import type { HubSite } from "./site.js";

/** Requests of one address in five minutes. */
const MOST_REQUESTS = 60;

const ANSWERS: Readonly<Record<WitnessOutcome, readonly [status: number, words: string]>> = {
  kept: [200, "kept\n"],
  "no-policy": [404, "this hub has no witness policy\n"],
  "not-the-checkpoint": [409, "this is not the present checkpoint with good signatures: ask for it again\n"],
  "no-signature": [403, "no witness of this hub's policy signed this\n"],
};

export function witnessRoutes({ app }: HubSite, hub: Hub): void {
  const left = timeLimit(app, MOST_REQUESTS);
  /** Answers a request, unless its address asked too often or the hub's policy is not in order. */
  const answered = async (
    request: FastifyRequest,
    reply: FastifyReply,
    work: () => Promise<readonly [status: number, words: string]>,
  ): Promise<FastifyReply> => {
    const ms = await left(request);
    if (ms !== null) reply.header("retry-after", String(Math.ceil(ms / 1000)));
    const [status, words] = ms === null ? await work().catch(notInOrder) : [429, "asked too often\n"];
    return reply.code(status).type("text/plain; charset=utf-8").send(words);
  };
  app.get<{ Querystring: { from?: string } }>(
    "/checkpoint",
    { config: { rule: { open: "a checkpoint tells how long the log is, and nothing of what is in it" } } },
    async (request, reply) =>
      answered(request, reply, async () => {
        const { from = "0" } = request.query;
        if (!/^(0|[1-9][0-9]{0,14})$/.test(from)) return [400, "from is no size\n"];
        const body = await requestFor(hub, Number(from));
        return body === null ? ANSWERS["no-policy"] : [200, body];
      }),
  );
  app.post(
    "/cosignatures",
    {
      bodyLimit: WITNESS_REQUEST_BYTES,
      config: { rule: { open: "it keeps good signatures of the policy's witnesses, and nothing else" } },
    },
    async (request, reply) =>
      answered(request, reply, async () => {
        const note = typeof request.body === "string" ? request.body : "";
        return ANSWERS[await keepCosignatures(hub, note)];
      }),
  );
}

function notInOrder(error: unknown): readonly [status: number, words: string] {
  if (error instanceof HubError)
    return [503, "this hub's witness policy is not in order: tell its operator\n"];
  throw error;
}
