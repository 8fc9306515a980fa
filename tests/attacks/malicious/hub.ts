/**
 * A hub whose operator lies: the hub's own code and all of its keys in this process, and in the place of any true answer
 * the one that a test gives it. Agents reach it as they reach any hub.
 */
import { setTimeout as wait } from "node:timers/promises";
import { doWhatIsDue, openHub, type Hub } from "@cairn/hub";
import type { Assignment, HubHandlers } from "@cairn/wire";
import type { HubServer } from "@cairn/wire/grpc";
import { handlers } from "../../../packages/hub/src/link/handlers.js";
import { ParkedPolls } from "../../../packages/hub/src/link/parking.js";
import { startLink } from "../../../packages/hub/src/link/server.js";
import { identityOf } from "../../../packages/hub/src/serve.js";
import { freshServerCertificate } from "../../../packages/hub/src/store/files.js";

/** How long a poll without news is held: an agent hears of the next lie soon. */
const HOLD_MS = 1100;
const TICK_MS = 250;
const SILENT = { info: () => undefined, error: () => undefined } as never;

/** An answer in the place of the true one, which it may ask for. */
type Lie<Call extends keyof HubHandlers> = (
  truth: () => ReturnType<HubHandlers[Call]>,
  request: Parameters<HubHandlers[Call]>[0],
) => ReturnType<HubHandlers[Call]>;
export type Lies = { -readonly [Call in keyof HubHandlers]?: Lie<Call> };

export class MaliciousHub {
  readonly hub: Hub;
  /** What it answers otherwise than a hub does; nothing where it is honest. */
  lies: Lies = {};
  /** Which edition of its library it calls the newest; null where it says the truth. */
  edition: string | null = null;
  /** What it truly asked of agents. */
  readonly asked: Assignment[] = [];
  #link: HubServer | null = null;
  readonly #parking = new ParkedPolls();
  readonly #over = new AbortController();
  #ticking: Promise<void> = Promise.resolve();

  /** Opens a hub's folder. */
  constructor(folder: string) {
    this.hub = openHub(folder, { hold: HOLD_MS, offlineAfter: 3_600_000 });
    this.hub.store.onChange((concerned) => this.#parking.wake(concerned));
  }

  /** Listens for agents. @returns host:port */
  async start(): Promise<string> {
    const { authority, files, settings } = this.hub;
    const server = await freshServerCertificate(files, authority.issuer, files.server, settings.now());
    const identity = identityOf(this.hub, server);
    const calls = handlers(this.hub, this.#parking, SILENT);
    const honest: HubHandlers = {
      ...calls,
      poll: async (request, context) => {
        const reply = await calls.poll(request, context);
        this.asked.push(...(reply.assignments ?? []));
        if (this.edition === null) return reply;
        await wait(HOLD_MS); // the true poll ended at once: there is another library
        return { ...reply, libraryEdition: this.edition };
      },
    };
    this.#link = await startLink(identity, "127.0.0.1", 0, this.#lying(honest));
    this.#ticking = this.#tick();
    return `127.0.0.1:${this.#link.port}`;
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.#ticking;
    this.#parking.close();
    await this.#link?.stop(1000);
    await this.hub.store.close();
  }

  #lying(honest: HubHandlers): HubHandlers {
    type Any = (request: never, context: never) => Promise<unknown>;
    const calls = Object.entries(honest as unknown as Record<string, Any>).map(([call, answer]) => [
      call,
      async (request: never, context: never): Promise<unknown> => {
        const lie = this.lies[call as keyof HubHandlers] as
          ((truth: () => Promise<unknown>, request: never) => Promise<unknown>) | undefined;
        const truth = (): Promise<unknown> => answer(request, context);
        return lie ? lie(truth, request) : truth();
      },
    ]);
    return Object.fromEntries(calls) as HubHandlers;
  }

  async #tick(): Promise<void> {
    while (!this.#over.signal.aborted) {
      await doWhatIsDue(this.hub);
      await wait(TICK_MS, undefined, { signal: this.#over.signal }).catch(() => undefined);
    }
  }
}
