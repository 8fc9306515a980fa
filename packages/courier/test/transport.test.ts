/** The courier's link on a transport without gRPC: an object in memory, as another transport would stand in its place. */
import t from "tap";
import { WireRefusal, withRefusals, type HubApi, type HubConnection, type HubHandlers } from "@cairn/wire";
import { HubLink } from "../src/link/hub-link.js";
import { openRoute } from "../src/link/route.js";

const NEVER = new AbortController().signal;

/** A hub that answers claims and refuses polls; what it fails at is told as `internal`. */
function handlers(faults: unknown[]): HubHandlers {
  const answered: Partial<HubHandlers> = {
    claim: async ({ runs }) => ({ leases: runs.map((run) => ({ run, attempt: 1, seconds: 60 })) }),
    poll: async () => {
      throw new WireRefusal("revoked", "this agent is locked out");
    },
    witness: async () => {
      throw new Error("patient 123 broke it");
    },
  };
  return withRefusals(answered as HubHandlers, {
    onFault: (fault) => {
      faults.push(fault);
      return new WireRefusal("internal", "the hub failed");
    },
  });
}

/** Each call handed to its handler, with nothing in between. */
function inMemory(hub: HubHandlers, isConnecting = false): HubApi {
  const calls = Object.entries(hub).map(([name, handler]) => [
    name,
    (request: never) => (handler as (...given: unknown[]) => unknown)(request, { peer: null, signal: NEVER }),
  ]);
  return { ...Object.fromEntries(calls), isConnecting: () => isConnecting, close: () => undefined } as HubApi;
}

t.test("calls, refusals and faults pass a link that knows no gRPC", async (t) => {
  const route = await openRoute("hub.example:8443", null, "");
  const faults: unknown[] = [];
  const dialled: HubConnection[] = [];
  const connect = (connection: HubConnection): HubApi => {
    dialled.push(connection);
    return inMemory(handlers(faults));
  };
  const link = new HubLink({ route, identity: { caBundle: "the hub's" }, connect });
  t.teardown(() => link.close());
  const { leases } = await link.call((hub) => hub.claim({ runs: ["r1", "r2"], idempotencyKey: "k" }));
  t.same(
    leases.map(({ run }) => run),
    ["r1", "r2"],
  );
  await t.rejects(
    link.call((hub) => hub.poll({})),
    { name: "WireRefusal", code: "revoked", kind: "refused" },
  );
  const fault = await link.call((hub) => hub.witness({})).catch((error: unknown) => error);
  t.match(fault, { name: "WireRefusal", code: "internal", message: "the hub failed", retriable: true });
  t.match(faults, [{ message: "patient 123 broke it" }], "told to who runs the hub, and to nobody else");
  t.match(dialled, [{ hub: { host: "hub.example", port: 8443 }, caBundle: "the hub's" }]);
});

t.test("a connection of any transport that is never made is dialled anew", async (t) => {
  const route = await openRoute("hub.example:8443", null, "");
  let dials = 0;
  const alive = setInterval(() => undefined, 1000); // the watchdog keeps no process running
  t.teardown(() => clearInterval(alive));
  const why = await new Promise<string>((resolve) => {
    const link = new HubLink({
      route,
      identity: { caBundle: "" },
      connectMs: 40,
      connect: () => inMemory(handlers([]), ++dials === 1),
      onRedial: resolve,
    });
    t.teardown(() => link.close());
  });
  t.match(why, /no connection after/);
  t.equal(dials, 2);
});
