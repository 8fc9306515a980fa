export type { AcknowledgeReply, AcknowledgeReply__Output } from "./generated/cairn/v1/AcknowledgeReply.js";
export type {
  AcknowledgeRequest,
  AcknowledgeRequest__Output,
} from "./generated/cairn/v1/AcknowledgeRequest.js";
export { AgentRunState } from "./generated/cairn/v1/AgentRunState.js";
export type { Assignment, Assignment__Output } from "./generated/cairn/v1/Assignment.js";
export type { ClaimReply, ClaimReply__Output } from "./generated/cairn/v1/ClaimReply.js";
export type { ClaimRequest, ClaimRequest__Output } from "./generated/cairn/v1/ClaimRequest.js";
export type { CountersignReply, CountersignReply__Output } from "./generated/cairn/v1/CountersignReply.js";
export type { Consent, Consent__Output } from "./generated/cairn/v1/Consent.js";
export type { ConsentReceipt, ConsentReceipt__Output } from "./generated/cairn/v1/ConsentReceipt.js";
export type { DecidedCharters__Output } from "./generated/cairn/v1/DecidedCharters.js";
export type {
  CountersignRequest,
  CountersignRequest__Output,
} from "./generated/cairn/v1/CountersignRequest.js";
export type { DescribeRequest, DescribeRequest__Output } from "./generated/cairn/v1/DescribeRequest.js";
export type { EnrolReply, EnrolReply__Output } from "./generated/cairn/v1/EnrolReply.js";
export type { EnrolRequest, EnrolRequest__Output } from "./generated/cairn/v1/EnrolRequest.js";
export { EnrolState } from "./generated/cairn/v1/EnrolState.js";
export type { ExecuteRequest, ExecuteRequest__Output } from "./generated/cairn/v1/ExecuteRequest.js";
export type { FetchLibraryReply, FetchLibraryReply__Output } from "./generated/cairn/v1/FetchLibraryReply.js";
export type {
  FetchLibraryRequest,
  FetchLibraryRequest__Output,
} from "./generated/cairn/v1/FetchLibraryRequest.js";
export type { GiveBackReply, GiveBackReply__Output } from "./generated/cairn/v1/GiveBackReply.js";
export type { GiveBackRequest, GiveBackRequest__Output } from "./generated/cairn/v1/GiveBackRequest.js";
export type { GroupRequest, GroupRequest__Output } from "./generated/cairn/v1/GroupRequest.js";
export type { HeldRelease, HeldRelease__Output } from "./generated/cairn/v1/HeldRelease.js";
export type { KeeperState, KeeperState__Output } from "./generated/cairn/v1/KeeperState.js";
export type { Lease, Lease__Output } from "./generated/cairn/v1/Lease.js";
export type { LinkNote, LinkNote__Output } from "./generated/cairn/v1/LinkNote.js";
export type { NoteLinkReply, NoteLinkReply__Output } from "./generated/cairn/v1/NoteLinkReply.js";
export type { OfferLibraryReply, OfferLibraryReply__Output } from "./generated/cairn/v1/OfferLibraryReply.js";
export type {
  OfferLibraryRequest,
  OfferLibraryRequest__Output,
} from "./generated/cairn/v1/OfferLibraryRequest.js";
export type { OfferRunsRequest, OfferRunsRequest__Output } from "./generated/cairn/v1/OfferRunsRequest.js";
export { OptOuts } from "./generated/cairn/v1/OptOuts.js";
export type { PolicyIntegers, PolicyIntegers__Output } from "./generated/cairn/v1/PolicyIntegers.js";
export type { PollReply, PollReply__Output } from "./generated/cairn/v1/PollReply.js";
export type { PollRequest, PollRequest__Output } from "./generated/cairn/v1/PollRequest.js";
export type { Receipt, Receipt__Output } from "./generated/cairn/v1/Receipt.js";
export { RecordBasis } from "./generated/cairn/v1/RecordBasis.js";
export type { Refusal, Refusal__Output } from "./generated/cairn/v1/Refusal.js";
export type { Release, Release__Output } from "./generated/cairn/v1/Release.js";
export type { RenewReply, RenewReply__Output } from "./generated/cairn/v1/RenewReply.js";
export type { RenewRequest, RenewRequest__Output } from "./generated/cairn/v1/RenewRequest.js";
export type { ReportReply, ReportReply__Output } from "./generated/cairn/v1/ReportReply.js";
export type { ReportRequest, ReportRequest__Output } from "./generated/cairn/v1/ReportRequest.js";
export type { RunRefusal, RunRefusal__Output } from "./generated/cairn/v1/RunRefusal.js";
export type { RunState, RunState__Output } from "./generated/cairn/v1/RunState.js";
export type { RunStates, RunStates__Output } from "./generated/cairn/v1/RunStates.js";
export type { SubmitReply, SubmitReply__Output } from "./generated/cairn/v1/SubmitReply.js";
export type { SubmitRequest, SubmitRequest__Output } from "./generated/cairn/v1/SubmitRequest.js";
export type { TakeBackRequest, TakeBackRequest__Output } from "./generated/cairn/v1/TakeBackRequest.js";
export type { TakeReleaseReply, TakeReleaseReply__Output } from "./generated/cairn/v1/TakeReleaseReply.js";
export type {
  TakeReleaseRequest,
  TakeReleaseRequest__Output,
} from "./generated/cairn/v1/TakeReleaseRequest.js";
export type { Use, Use__Output } from "./generated/cairn/v1/Use.js";
export type {
  WaitForChangesRequest,
  WaitForChangesRequest__Output,
} from "./generated/cairn/v1/WaitForChangesRequest.js";
export type { Withdrawal, Withdrawal__Output } from "./generated/cairn/v1/Withdrawal.js";
export type { WitnessReply, WitnessReply__Output } from "./generated/cairn/v1/WitnessReply.js";
export type { WitnessRequest, WitnessRequest__Output } from "./generated/cairn/v1/WitnessRequest.js";
export type { Comparison, Comparison__Output } from "./generated/cairn/v1/Comparison.js";
export type {
  FetchComparisonsReply,
  FetchComparisonsReply__Output,
} from "./generated/cairn/v1/FetchComparisonsReply.js";
export type {
  FetchComparisonsRequest,
  FetchComparisonsRequest__Output,
} from "./generated/cairn/v1/FetchComparisonsRequest.js";
export type {
  OfferComparisonsReply,
  OfferComparisonsReply__Output,
} from "./generated/cairn/v1/OfferComparisonsReply.js";
export type {
  OfferComparisonsRequest,
  OfferComparisonsRequest__Output,
} from "./generated/cairn/v1/OfferComparisonsRequest.js";
