/**
 * The calls of a courier to the hub, on any transport: `HubApi` as the courier calls it, `HubHandlers` as the hub answers.
 * `X__Output` is a message as it is received: every field is there.
 */
import type { Call, Connection, Handler } from "./calls.js";
import type {
  ClaimReply,
  ClaimReply__Output,
  ClaimRequest,
  ClaimRequest__Output,
  EnrolReply,
  EnrolReply__Output,
  EnrolRequest,
  EnrolRequest__Output,
  FetchComparisonsReply,
  FetchComparisonsReply__Output,
  FetchComparisonsRequest,
  FetchComparisonsRequest__Output,
  FetchLibraryReply,
  FetchLibraryReply__Output,
  FetchLibraryRequest,
  FetchLibraryRequest__Output,
  GiveBackReply,
  GiveBackReply__Output,
  GiveBackRequest,
  GiveBackRequest__Output,
  PollReply,
  PollReply__Output,
  PollRequest,
  PollRequest__Output,
  RenewReply,
  RenewReply__Output,
  RenewRequest,
  RenewRequest__Output,
  ReportReply,
  ReportReply__Output,
  ReportRequest,
  ReportRequest__Output,
  SubmitReply,
  SubmitReply__Output,
  SubmitRequest,
  SubmitRequest__Output,
  WitnessReply,
  WitnessReply__Output,
  WitnessRequest,
  WitnessRequest__Output,
} from "./messages.js";

export interface HubApi extends Connection {
  readonly enrol: Call<EnrolRequest, EnrolReply__Output>;
  readonly renew: Call<RenewRequest, RenewReply__Output>;
  readonly poll: Call<PollRequest, PollReply__Output>;
  readonly fetchLibrary: Call<FetchLibraryRequest, FetchLibraryReply__Output>;
  readonly claim: Call<ClaimRequest, ClaimReply__Output>;
  readonly report: Call<ReportRequest, ReportReply__Output>;
  readonly submit: Call<SubmitRequest, SubmitReply__Output>;
  readonly giveBack: Call<GiveBackRequest, GiveBackReply__Output>;
  readonly witness: Call<WitnessRequest, WitnessReply__Output>;
  readonly fetchComparisons: Call<FetchComparisonsRequest, FetchComparisonsReply__Output>;
}

export interface HubHandlers {
  readonly enrol: Handler<EnrolRequest__Output, EnrolReply>;
  readonly renew: Handler<RenewRequest__Output, RenewReply>;
  readonly poll: Handler<PollRequest__Output, PollReply>;
  readonly fetchLibrary: Handler<FetchLibraryRequest__Output, FetchLibraryReply>;
  readonly claim: Handler<ClaimRequest__Output, ClaimReply>;
  readonly report: Handler<ReportRequest__Output, ReportReply>;
  readonly submit: Handler<SubmitRequest__Output, SubmitReply>;
  readonly giveBack: Handler<GiveBackRequest__Output, GiveBackReply>;
  readonly witness: Handler<WitnessRequest__Output, WitnessReply>;
  readonly fetchComparisons: Handler<FetchComparisonsRequest__Output, FetchComparisonsReply>;
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Where the hub is, and who calls it. */
export interface HubConnection {
  /** The hub's own name and port: its certificate must be for this name. */
  readonly hub: HostAndPort;
  /** Absolute path of a Unix socket that leads there; the hub itself is dialled where absent. */
  readonly tunnel?: string;
  /** PEM. */
  readonly caBundle: string;
  /** The agent's own, PEM; without them it is nobody, as at enrolment. */
  readonly key?: string;
  readonly certificate?: string;
  /** Hears the hub's clock with each answer, refusals too: milliseconds since 1970, cut to the second. */
  readonly onDate?: ((hubClock: number) => void) | undefined;
}

/** A transport, as the courier takes it. The connection is made at the first call. */
export type ConnectHub = (connection: HubConnection) => HubApi;
