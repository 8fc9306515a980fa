import type { CallContext } from "./calls.js";
import { WireRefusal } from "./refusals.js";

interface Faults<Name> {
  /** Looks at a request before its handler does. @throws WireRefusal */
  readonly check?: (call: Name, request: unknown) => void;
  /** Hears of every call that is refused. */
  readonly onRefusal?: (refusal: WireRefusal, call: Name) => void;
  /**
   * The refusal that the caller gets for an error that is none; without the error's own words, which could hold data.
   */
  readonly onFault: (fault: unknown, call: Name) => WireRefusal;
}

/** Handlers that throw nothing but a `WireRefusal`: the same on every transport. */
export function withRefusals<Handlers extends object>(
  handlers: Handlers,
  { check, onRefusal, onFault }: Faults<keyof Handlers & string>,
): Handlers {
  const guarded = Object.entries(handlers as Record<string, AnyHandler>).map(([name, handler]) => {
    const call = name as keyof Handlers & string;
    const answer: AnyHandler = async (request, context) => {
      try {
        check?.(call, request);
        return await handler(request, context);
      } catch (error) {
        if (!(error instanceof WireRefusal)) throw onFault(error, call);
        onRefusal?.(error, call);
        throw error;
      }
    };
    return [call, answer];
  });
  return Object.fromEntries(guarded) as Handlers;
}

type AnyHandler = (request: unknown, context: CallContext) => Promise<unknown>;
