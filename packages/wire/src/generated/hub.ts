import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AcknowledgeReply as _cairn_v1_AcknowledgeReply, AcknowledgeReply__Output as _cairn_v1_AcknowledgeReply__Output } from './cairn/v1/AcknowledgeReply.js';
import type { AcknowledgeRequest as _cairn_v1_AcknowledgeRequest, AcknowledgeRequest__Output as _cairn_v1_AcknowledgeRequest__Output } from './cairn/v1/AcknowledgeRequest.js';
import type { Assignment as _cairn_v1_Assignment, Assignment__Output as _cairn_v1_Assignment__Output } from './cairn/v1/Assignment.js';
import type { ClaimReply as _cairn_v1_ClaimReply, ClaimReply__Output as _cairn_v1_ClaimReply__Output } from './cairn/v1/ClaimReply.js';
import type { ClaimRequest as _cairn_v1_ClaimRequest, ClaimRequest__Output as _cairn_v1_ClaimRequest__Output } from './cairn/v1/ClaimRequest.js';
import type { Comparison as _cairn_v1_Comparison, Comparison__Output as _cairn_v1_Comparison__Output } from './cairn/v1/Comparison.js';
import type { Consent as _cairn_v1_Consent, Consent__Output as _cairn_v1_Consent__Output } from './cairn/v1/Consent.js';
import type { ConsentReceipt as _cairn_v1_ConsentReceipt, ConsentReceipt__Output as _cairn_v1_ConsentReceipt__Output } from './cairn/v1/ConsentReceipt.js';
import type { CountersignReply as _cairn_v1_CountersignReply, CountersignReply__Output as _cairn_v1_CountersignReply__Output } from './cairn/v1/CountersignReply.js';
import type { CountersignRequest as _cairn_v1_CountersignRequest, CountersignRequest__Output as _cairn_v1_CountersignRequest__Output } from './cairn/v1/CountersignRequest.js';
import type { DecidedCharters as _cairn_v1_DecidedCharters, DecidedCharters__Output as _cairn_v1_DecidedCharters__Output } from './cairn/v1/DecidedCharters.js';
import type { DescribeRequest as _cairn_v1_DescribeRequest, DescribeRequest__Output as _cairn_v1_DescribeRequest__Output } from './cairn/v1/DescribeRequest.js';
import type { EnrolReply as _cairn_v1_EnrolReply, EnrolReply__Output as _cairn_v1_EnrolReply__Output } from './cairn/v1/EnrolReply.js';
import type { EnrolRequest as _cairn_v1_EnrolRequest, EnrolRequest__Output as _cairn_v1_EnrolRequest__Output } from './cairn/v1/EnrolRequest.js';
import type { ExecuteRequest as _cairn_v1_ExecuteRequest, ExecuteRequest__Output as _cairn_v1_ExecuteRequest__Output } from './cairn/v1/ExecuteRequest.js';
import type { FetchComparisonsReply as _cairn_v1_FetchComparisonsReply, FetchComparisonsReply__Output as _cairn_v1_FetchComparisonsReply__Output } from './cairn/v1/FetchComparisonsReply.js';
import type { FetchComparisonsRequest as _cairn_v1_FetchComparisonsRequest, FetchComparisonsRequest__Output as _cairn_v1_FetchComparisonsRequest__Output } from './cairn/v1/FetchComparisonsRequest.js';
import type { FetchLibraryReply as _cairn_v1_FetchLibraryReply, FetchLibraryReply__Output as _cairn_v1_FetchLibraryReply__Output } from './cairn/v1/FetchLibraryReply.js';
import type { FetchLibraryRequest as _cairn_v1_FetchLibraryRequest, FetchLibraryRequest__Output as _cairn_v1_FetchLibraryRequest__Output } from './cairn/v1/FetchLibraryRequest.js';
import type { GiveBackReply as _cairn_v1_GiveBackReply, GiveBackReply__Output as _cairn_v1_GiveBackReply__Output } from './cairn/v1/GiveBackReply.js';
import type { GiveBackRequest as _cairn_v1_GiveBackRequest, GiveBackRequest__Output as _cairn_v1_GiveBackRequest__Output } from './cairn/v1/GiveBackRequest.js';
import type { GroupRequest as _cairn_v1_GroupRequest, GroupRequest__Output as _cairn_v1_GroupRequest__Output } from './cairn/v1/GroupRequest.js';
import type { HeldRelease as _cairn_v1_HeldRelease, HeldRelease__Output as _cairn_v1_HeldRelease__Output } from './cairn/v1/HeldRelease.js';
import type { HubClient as _cairn_v1_HubClient, HubDefinition as _cairn_v1_HubDefinition } from './cairn/v1/Hub.js';
import type { KeeperClient as _cairn_v1_KeeperClient, KeeperDefinition as _cairn_v1_KeeperDefinition } from './cairn/v1/Keeper.js';
import type { KeeperState as _cairn_v1_KeeperState, KeeperState__Output as _cairn_v1_KeeperState__Output } from './cairn/v1/KeeperState.js';
import type { Lease as _cairn_v1_Lease, Lease__Output as _cairn_v1_Lease__Output } from './cairn/v1/Lease.js';
import type { LinkNote as _cairn_v1_LinkNote, LinkNote__Output as _cairn_v1_LinkNote__Output } from './cairn/v1/LinkNote.js';
import type { NoteLinkReply as _cairn_v1_NoteLinkReply, NoteLinkReply__Output as _cairn_v1_NoteLinkReply__Output } from './cairn/v1/NoteLinkReply.js';
import type { OfferComparisonsReply as _cairn_v1_OfferComparisonsReply, OfferComparisonsReply__Output as _cairn_v1_OfferComparisonsReply__Output } from './cairn/v1/OfferComparisonsReply.js';
import type { OfferComparisonsRequest as _cairn_v1_OfferComparisonsRequest, OfferComparisonsRequest__Output as _cairn_v1_OfferComparisonsRequest__Output } from './cairn/v1/OfferComparisonsRequest.js';
import type { OfferLibraryReply as _cairn_v1_OfferLibraryReply, OfferLibraryReply__Output as _cairn_v1_OfferLibraryReply__Output } from './cairn/v1/OfferLibraryReply.js';
import type { OfferLibraryRequest as _cairn_v1_OfferLibraryRequest, OfferLibraryRequest__Output as _cairn_v1_OfferLibraryRequest__Output } from './cairn/v1/OfferLibraryRequest.js';
import type { OfferRunsRequest as _cairn_v1_OfferRunsRequest, OfferRunsRequest__Output as _cairn_v1_OfferRunsRequest__Output } from './cairn/v1/OfferRunsRequest.js';
import type { PolicyIntegers as _cairn_v1_PolicyIntegers, PolicyIntegers__Output as _cairn_v1_PolicyIntegers__Output } from './cairn/v1/PolicyIntegers.js';
import type { PollReply as _cairn_v1_PollReply, PollReply__Output as _cairn_v1_PollReply__Output } from './cairn/v1/PollReply.js';
import type { PollRequest as _cairn_v1_PollRequest, PollRequest__Output as _cairn_v1_PollRequest__Output } from './cairn/v1/PollRequest.js';
import type { Receipt as _cairn_v1_Receipt, Receipt__Output as _cairn_v1_Receipt__Output } from './cairn/v1/Receipt.js';
import type { Refusal as _cairn_v1_Refusal, Refusal__Output as _cairn_v1_Refusal__Output } from './cairn/v1/Refusal.js';
import type { Release as _cairn_v1_Release, Release__Output as _cairn_v1_Release__Output } from './cairn/v1/Release.js';
import type { RenewReply as _cairn_v1_RenewReply, RenewReply__Output as _cairn_v1_RenewReply__Output } from './cairn/v1/RenewReply.js';
import type { RenewRequest as _cairn_v1_RenewRequest, RenewRequest__Output as _cairn_v1_RenewRequest__Output } from './cairn/v1/RenewRequest.js';
import type { ReportReply as _cairn_v1_ReportReply, ReportReply__Output as _cairn_v1_ReportReply__Output } from './cairn/v1/ReportReply.js';
import type { ReportRequest as _cairn_v1_ReportRequest, ReportRequest__Output as _cairn_v1_ReportRequest__Output } from './cairn/v1/ReportRequest.js';
import type { RunRefusal as _cairn_v1_RunRefusal, RunRefusal__Output as _cairn_v1_RunRefusal__Output } from './cairn/v1/RunRefusal.js';
import type { RunState as _cairn_v1_RunState, RunState__Output as _cairn_v1_RunState__Output } from './cairn/v1/RunState.js';
import type { RunStates as _cairn_v1_RunStates, RunStates__Output as _cairn_v1_RunStates__Output } from './cairn/v1/RunStates.js';
import type { SignedRelease as _cairn_v1_SignedRelease, SignedRelease__Output as _cairn_v1_SignedRelease__Output } from './cairn/v1/SignedRelease.js';
import type { SubmitReply as _cairn_v1_SubmitReply, SubmitReply__Output as _cairn_v1_SubmitReply__Output } from './cairn/v1/SubmitReply.js';
import type { SubmitRequest as _cairn_v1_SubmitRequest, SubmitRequest__Output as _cairn_v1_SubmitRequest__Output } from './cairn/v1/SubmitRequest.js';
import type { TakeBackRequest as _cairn_v1_TakeBackRequest, TakeBackRequest__Output as _cairn_v1_TakeBackRequest__Output } from './cairn/v1/TakeBackRequest.js';
import type { TakeReleaseReply as _cairn_v1_TakeReleaseReply, TakeReleaseReply__Output as _cairn_v1_TakeReleaseReply__Output } from './cairn/v1/TakeReleaseReply.js';
import type { TakeReleaseRequest as _cairn_v1_TakeReleaseRequest, TakeReleaseRequest__Output as _cairn_v1_TakeReleaseRequest__Output } from './cairn/v1/TakeReleaseRequest.js';
import type { Use as _cairn_v1_Use, Use__Output as _cairn_v1_Use__Output } from './cairn/v1/Use.js';
import type { WaitForChangesRequest as _cairn_v1_WaitForChangesRequest, WaitForChangesRequest__Output as _cairn_v1_WaitForChangesRequest__Output } from './cairn/v1/WaitForChangesRequest.js';
import type { Withdrawal as _cairn_v1_Withdrawal, Withdrawal__Output as _cairn_v1_Withdrawal__Output } from './cairn/v1/Withdrawal.js';
import type { WitnessReply as _cairn_v1_WitnessReply, WitnessReply__Output as _cairn_v1_WitnessReply__Output } from './cairn/v1/WitnessReply.js';
import type { WitnessRequest as _cairn_v1_WitnessRequest, WitnessRequest__Output as _cairn_v1_WitnessRequest__Output } from './cairn/v1/WitnessRequest.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  cairn: {
    v1: {
      AcknowledgeReply: MessageTypeDefinition<_cairn_v1_AcknowledgeReply, _cairn_v1_AcknowledgeReply__Output>
      AcknowledgeRequest: MessageTypeDefinition<_cairn_v1_AcknowledgeRequest, _cairn_v1_AcknowledgeRequest__Output>
      AgentRunState: EnumTypeDefinition
      Assignment: MessageTypeDefinition<_cairn_v1_Assignment, _cairn_v1_Assignment__Output>
      ClaimReply: MessageTypeDefinition<_cairn_v1_ClaimReply, _cairn_v1_ClaimReply__Output>
      ClaimRequest: MessageTypeDefinition<_cairn_v1_ClaimRequest, _cairn_v1_ClaimRequest__Output>
      Comparison: MessageTypeDefinition<_cairn_v1_Comparison, _cairn_v1_Comparison__Output>
      Consent: MessageTypeDefinition<_cairn_v1_Consent, _cairn_v1_Consent__Output>
      ConsentReceipt: MessageTypeDefinition<_cairn_v1_ConsentReceipt, _cairn_v1_ConsentReceipt__Output>
      CountersignReply: MessageTypeDefinition<_cairn_v1_CountersignReply, _cairn_v1_CountersignReply__Output>
      CountersignRequest: MessageTypeDefinition<_cairn_v1_CountersignRequest, _cairn_v1_CountersignRequest__Output>
      DecidedCharters: MessageTypeDefinition<_cairn_v1_DecidedCharters, _cairn_v1_DecidedCharters__Output>
      DescribeRequest: MessageTypeDefinition<_cairn_v1_DescribeRequest, _cairn_v1_DescribeRequest__Output>
      EnrolReply: MessageTypeDefinition<_cairn_v1_EnrolReply, _cairn_v1_EnrolReply__Output>
      EnrolRequest: MessageTypeDefinition<_cairn_v1_EnrolRequest, _cairn_v1_EnrolRequest__Output>
      EnrolState: EnumTypeDefinition
      ExecuteRequest: MessageTypeDefinition<_cairn_v1_ExecuteRequest, _cairn_v1_ExecuteRequest__Output>
      FetchComparisonsReply: MessageTypeDefinition<_cairn_v1_FetchComparisonsReply, _cairn_v1_FetchComparisonsReply__Output>
      FetchComparisonsRequest: MessageTypeDefinition<_cairn_v1_FetchComparisonsRequest, _cairn_v1_FetchComparisonsRequest__Output>
      FetchLibraryReply: MessageTypeDefinition<_cairn_v1_FetchLibraryReply, _cairn_v1_FetchLibraryReply__Output>
      FetchLibraryRequest: MessageTypeDefinition<_cairn_v1_FetchLibraryRequest, _cairn_v1_FetchLibraryRequest__Output>
      GiveBackReply: MessageTypeDefinition<_cairn_v1_GiveBackReply, _cairn_v1_GiveBackReply__Output>
      GiveBackRequest: MessageTypeDefinition<_cairn_v1_GiveBackRequest, _cairn_v1_GiveBackRequest__Output>
      GroupRequest: MessageTypeDefinition<_cairn_v1_GroupRequest, _cairn_v1_GroupRequest__Output>
      HeldRelease: MessageTypeDefinition<_cairn_v1_HeldRelease, _cairn_v1_HeldRelease__Output>
      Hub: SubtypeConstructor<typeof grpc.Client, _cairn_v1_HubClient> & { service: _cairn_v1_HubDefinition }
      Keeper: SubtypeConstructor<typeof grpc.Client, _cairn_v1_KeeperClient> & { service: _cairn_v1_KeeperDefinition }
      KeeperState: MessageTypeDefinition<_cairn_v1_KeeperState, _cairn_v1_KeeperState__Output>
      Lease: MessageTypeDefinition<_cairn_v1_Lease, _cairn_v1_Lease__Output>
      LinkNote: MessageTypeDefinition<_cairn_v1_LinkNote, _cairn_v1_LinkNote__Output>
      NoteLinkReply: MessageTypeDefinition<_cairn_v1_NoteLinkReply, _cairn_v1_NoteLinkReply__Output>
      OfferComparisonsReply: MessageTypeDefinition<_cairn_v1_OfferComparisonsReply, _cairn_v1_OfferComparisonsReply__Output>
      OfferComparisonsRequest: MessageTypeDefinition<_cairn_v1_OfferComparisonsRequest, _cairn_v1_OfferComparisonsRequest__Output>
      OfferLibraryReply: MessageTypeDefinition<_cairn_v1_OfferLibraryReply, _cairn_v1_OfferLibraryReply__Output>
      OfferLibraryRequest: MessageTypeDefinition<_cairn_v1_OfferLibraryRequest, _cairn_v1_OfferLibraryRequest__Output>
      OfferRunsRequest: MessageTypeDefinition<_cairn_v1_OfferRunsRequest, _cairn_v1_OfferRunsRequest__Output>
      OptOuts: EnumTypeDefinition
      PolicyIntegers: MessageTypeDefinition<_cairn_v1_PolicyIntegers, _cairn_v1_PolicyIntegers__Output>
      PollReply: MessageTypeDefinition<_cairn_v1_PollReply, _cairn_v1_PollReply__Output>
      PollRequest: MessageTypeDefinition<_cairn_v1_PollRequest, _cairn_v1_PollRequest__Output>
      Receipt: MessageTypeDefinition<_cairn_v1_Receipt, _cairn_v1_Receipt__Output>
      RecordBasis: EnumTypeDefinition
      Refusal: MessageTypeDefinition<_cairn_v1_Refusal, _cairn_v1_Refusal__Output>
      Release: MessageTypeDefinition<_cairn_v1_Release, _cairn_v1_Release__Output>
      RenewReply: MessageTypeDefinition<_cairn_v1_RenewReply, _cairn_v1_RenewReply__Output>
      RenewRequest: MessageTypeDefinition<_cairn_v1_RenewRequest, _cairn_v1_RenewRequest__Output>
      ReportReply: MessageTypeDefinition<_cairn_v1_ReportReply, _cairn_v1_ReportReply__Output>
      ReportRequest: MessageTypeDefinition<_cairn_v1_ReportRequest, _cairn_v1_ReportRequest__Output>
      RunRefusal: MessageTypeDefinition<_cairn_v1_RunRefusal, _cairn_v1_RunRefusal__Output>
      RunState: MessageTypeDefinition<_cairn_v1_RunState, _cairn_v1_RunState__Output>
      RunStates: MessageTypeDefinition<_cairn_v1_RunStates, _cairn_v1_RunStates__Output>
      SignedRelease: MessageTypeDefinition<_cairn_v1_SignedRelease, _cairn_v1_SignedRelease__Output>
      SubmitReply: MessageTypeDefinition<_cairn_v1_SubmitReply, _cairn_v1_SubmitReply__Output>
      SubmitRequest: MessageTypeDefinition<_cairn_v1_SubmitRequest, _cairn_v1_SubmitRequest__Output>
      TakeBackRequest: MessageTypeDefinition<_cairn_v1_TakeBackRequest, _cairn_v1_TakeBackRequest__Output>
      TakeReleaseReply: MessageTypeDefinition<_cairn_v1_TakeReleaseReply, _cairn_v1_TakeReleaseReply__Output>
      TakeReleaseRequest: MessageTypeDefinition<_cairn_v1_TakeReleaseRequest, _cairn_v1_TakeReleaseRequest__Output>
      Use: MessageTypeDefinition<_cairn_v1_Use, _cairn_v1_Use__Output>
      WaitForChangesRequest: MessageTypeDefinition<_cairn_v1_WaitForChangesRequest, _cairn_v1_WaitForChangesRequest__Output>
      Withdrawal: MessageTypeDefinition<_cairn_v1_Withdrawal, _cairn_v1_Withdrawal__Output>
      WitnessReply: MessageTypeDefinition<_cairn_v1_WitnessReply, _cairn_v1_WitnessReply__Output>
      WitnessRequest: MessageTypeDefinition<_cairn_v1_WitnessRequest, _cairn_v1_WitnessRequest__Output>
    }
  }
}

