/** How a refusal crosses gRPC: its code in the metadata, its words as the status's details. */
import * as grpc from "@grpc/grpc-js";
import { printable } from "../printable.js";
import { isRefusalCode, WireRefusal } from "../refusals.js";
import { UnreachableError } from "../unreachable.js";

const CODE_KEY = "cairn-code";
/** Most characters of the other side's words. */
const MOST_WORDS = 1000;

/** The error of a handler as a status. Of a fault that is no refusal, nothing is told that could carry data. */
export function statusOf(error: unknown): Partial<grpc.StatusObject> {
  const refusal =
    error instanceof WireRefusal
      ? error
      : new WireRefusal("internal", "something went wrong there; its log says what");
  const metadata = new grpc.Metadata();
  metadata.set(CODE_KEY, refusal.code);
  return {
    code: refusal.retriable ? grpc.status.UNAVAILABLE : grpc.status.FAILED_PRECONDITION,
    details: refusal.words,
    metadata,
  };
}

/** A failed call's error, as its caller gets it. @param call its name. @param peer what the other side is called. */
export function failureOf(
  error: grpc.ServiceError,
  call: string,
  peer: string,
): WireRefusal | UnreachableError {
  const code = error.metadata?.get(CODE_KEY)[0]?.toString();
  const words = printable(error.details, MOST_WORDS);
  if (code !== undefined && isRefusalCode(code)) return new WireRefusal(code, words, { cause: error });
  const why = UNREACHABLE.get(error.code) ?? "broken";
  return new UnreachableError(why, `${peer} did not answer ${call}: ${words || why}`, { cause: error });
}

const UNREACHABLE = new Map<grpc.status, UnreachableError["code"]>([
  [grpc.status.UNAVAILABLE, "unavailable"],
  [grpc.status.DEADLINE_EXCEEDED, "deadline"],
  [grpc.status.CANCELLED, "cancelled"],
]);
