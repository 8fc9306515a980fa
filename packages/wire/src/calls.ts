/** One call between two processes, whatever transport carries it. */

export interface CallOptions {
  readonly deadlineMs?: number; // from now; 30,000 where absent
  readonly signal?: AbortSignal;
}

export interface CallContext {
  /** The peer's certificate (DER), or null on a Unix socket and before enrolment. */
  readonly peer: Buffer | null;
  /** Aborted when the caller is gone or its deadline has passed. */
  readonly signal: AbortSignal;
}

/** A call as its caller makes it. @throws WireRefusal as the other side said it; UnreachableError where no answer came */
export type Call<Request, Reply> = (request: Request, options?: CallOptions) => Promise<Reply>;

/** A call as the other side answers it. @throws WireRefusal, which reaches the caller as itself */
export type Handler<Request, Reply> = (request: Request, context: CallContext) => Promise<Reply>;

/** The state and the end of a caller's connection, beside its calls. */
export interface Connection {
  /** Whether a connection is being made and is not there yet: for a watchdog. */
  isConnecting(): boolean;
  close(): void;
}
