/** The connection to the hub with a watchdog: gRPC itself waits for ever on one that says nothing. */
import { UnreachableError, WireRefusal, type ConnectHub, type HubApi } from "@cairn/wire";
import { connectHub } from "@cairn/wire/grpc";
import type { Identity } from "../identity/identity.js";
import { explained } from "./explain.js";
import type { Route } from "./route.js";
import type { LinkNotes } from "./state.js";

interface HubLinkOptions {
  readonly route: Route;
  /** Key, certificate and CA; without key and certificate for enrolment. */
  readonly identity: Pick<Identity, "caBundle"> & Partial<Pick<Identity, "key" | "certificate">>;
  /** A connection that is still being made after this long is dialled anew. Milliseconds. */
  readonly connectMs?: number;
  readonly onRedial?: (why: string) => void;
  /** Receives the outcome of each call. */
  readonly notes?: Pick<LinkNotes, "heard" | "note">;
  /** Called with the hub's clock at each answer: ms since 1970, cut to the second. */
  readonly onDate?: (hubClock: number) => void;
  /** The transport; gRPC where absent. */
  readonly connect?: ConnectHub;
}

const CONNECT_MS = 25_000;
const DEADLINES_MISSED = 2;
const CERTIFICATE_REFUSED: ReadonlySet<string> = new Set(["certificate-expired", "not-enrolled"]);

export class HubLink {
  readonly #options: HubLinkOptions;
  #identity: HubLinkOptions["identity"];
  #api: HubApi;
  #connectingSince: number | null = null;
  #missed = 0;
  #isCertificateRefused = false;
  readonly #watch: NodeJS.Timeout;

  constructor(options: HubLinkOptions) {
    this.#options = options;
    this.#identity = options.identity;
    this.#api = this.#dial();
    const connectMs = options.connectMs ?? CONNECT_MS;
    this.#watch = setInterval(() => this.#look(connectMs), Math.min(1000, connectMs / 4));
    this.#watch.unref();
  }

  /**
   * Makes one call, which is never repeated here: the caller knows whether it may be.
   * @throws WireRefusal from the hub; CourierError where it could not be asked
   */
  async call<T>(ask: (hub: HubApi) => Promise<T>): Promise<T> {
    const api = this.#api;
    try {
      const answer = await ask(api);
      this.#missed = 0;
      this.#options.notes?.heard();
      return answer;
    } catch (error) {
      if (!(error instanceof UnreachableError))
        this.#missed = 0; // it answered, if only to say no
      else if (error.code === "deadline") this.#miss(api);
      if (error instanceof WireRefusal && CERTIFICATE_REFUSED.has(error.code) && api === this.#api)
        this.#isCertificateRefused = true;
      const why = explained(error, this.#options.route);
      // Called off from here, as when the courier is told to end: that says nothing of the hub.
      const calledOff = error instanceof UnreachableError && error.code === "cancelled";
      if (!calledOff) this.#options.notes?.note(why);
      throw why;
    }
  }

  /** Whether the hub does not take this certificate: it has to be renewed by its key. */
  get isCertificateRefused(): boolean {
    return this.#isCertificateRefused;
  }

  /** Switches to another certificate: new calls take it, calls in flight end on the old one. */
  use(identity: Identity): void {
    this.#identity = identity;
    this.#isCertificateRefused = false;
    const old = this.#api;
    this.#api = this.#dial();
    setTimeout(() => old.close(), 60_000).unref();
  }

  close(): void {
    clearInterval(this.#watch);
    this.#api.close();
  }

  #dial(): HubApi {
    const { connect = connectHub, onDate, route } = this.#options;
    this.#connectingSince = null;
    this.#missed = 0;
    const way = route.tunnel === null ? {} : { tunnel: route.tunnel };
    return connect({ hub: route.hub, ...way, ...this.#identity, onDate });
  }

  #miss(api: HubApi): void {
    if (api !== this.#api) return; // of a channel that was given up already
    this.#missed += 1;
    if (this.#missed >= DEADLINES_MISSED) this.#redial("two calls in a row had no answer in time");
  }

  #look(connectMs: number): void {
    if (!this.#api.isConnecting()) {
      this.#connectingSince = null;
      return;
    }
    const now = performance.now();
    this.#connectingSince ??= now;
    if (now - this.#connectingSince >= connectMs) this.#redial(`no connection after ${connectMs / 1000} s`);
  }

  #redial(why: string): void {
    const old = this.#api;
    this.#api = this.#dial();
    old.close();
    this.#options.onRedial?.(why);
  }
}
