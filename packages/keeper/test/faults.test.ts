/** H11: a call that fails in a way that nobody foresaw is told by its place, to the log and to nobody else. */
import t from "tap";
import type { Keeper } from "../src/keeper.js";
import { keeperHandlers } from "../src/link/handlers.js";
import { initKeeper } from "../src/store/store.js";

const CANARY = "CANARY-PATIENT-QZX7731 born 1931-02-27";

t.test(
  "a fault in a call is in the keeper's log by its place, and in neither log nor answer by its words",
  async (t) => {
    const store = initKeeper(`${t.testdir()}/keeper`);
    t.teardown(() => store.close());
    const library = (): never => {
      throw new TypeError(`no such patient: ${CANARY}`);
    };
    const log: string[] = [];
    const keeper = { store, library, network: "open" } as unknown as Keeper;
    const { describe } = keeperHandlers(keeper, (words) => log.push(words));
    const signal = new AbortController().signal;
    const refusal: unknown = await describe({}, { peer: null, signal }).catch((error: unknown) => error);
    t.match(refusal, { code: "internal", message: /its log says where/ });
    t.match(log, [/^the call describe failed: TypeError at packages\/keeper\/test\/faults\.test\.ts:\d+/]);
    t.notMatch([log, (refusal as Error).message].join(), /CANARY|1931/);
  },
);
