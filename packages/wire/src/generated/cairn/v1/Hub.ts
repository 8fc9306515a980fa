// Original file: proto/cairn/v1/hub.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ClaimReply as _cairn_v1_ClaimReply, ClaimReply__Output as _cairn_v1_ClaimReply__Output } from '../../cairn/v1/ClaimReply.js';
import type { ClaimRequest as _cairn_v1_ClaimRequest, ClaimRequest__Output as _cairn_v1_ClaimRequest__Output } from '../../cairn/v1/ClaimRequest.js';
import type { EnrolReply as _cairn_v1_EnrolReply, EnrolReply__Output as _cairn_v1_EnrolReply__Output } from '../../cairn/v1/EnrolReply.js';
import type { EnrolRequest as _cairn_v1_EnrolRequest, EnrolRequest__Output as _cairn_v1_EnrolRequest__Output } from '../../cairn/v1/EnrolRequest.js';
import type { FetchComparisonsReply as _cairn_v1_FetchComparisonsReply, FetchComparisonsReply__Output as _cairn_v1_FetchComparisonsReply__Output } from '../../cairn/v1/FetchComparisonsReply.js';
import type { FetchComparisonsRequest as _cairn_v1_FetchComparisonsRequest, FetchComparisonsRequest__Output as _cairn_v1_FetchComparisonsRequest__Output } from '../../cairn/v1/FetchComparisonsRequest.js';
import type { FetchLibraryReply as _cairn_v1_FetchLibraryReply, FetchLibraryReply__Output as _cairn_v1_FetchLibraryReply__Output } from '../../cairn/v1/FetchLibraryReply.js';
import type { FetchLibraryRequest as _cairn_v1_FetchLibraryRequest, FetchLibraryRequest__Output as _cairn_v1_FetchLibraryRequest__Output } from '../../cairn/v1/FetchLibraryRequest.js';
import type { GiveBackReply as _cairn_v1_GiveBackReply, GiveBackReply__Output as _cairn_v1_GiveBackReply__Output } from '../../cairn/v1/GiveBackReply.js';
import type { GiveBackRequest as _cairn_v1_GiveBackRequest, GiveBackRequest__Output as _cairn_v1_GiveBackRequest__Output } from '../../cairn/v1/GiveBackRequest.js';
import type { PollReply as _cairn_v1_PollReply, PollReply__Output as _cairn_v1_PollReply__Output } from '../../cairn/v1/PollReply.js';
import type { PollRequest as _cairn_v1_PollRequest, PollRequest__Output as _cairn_v1_PollRequest__Output } from '../../cairn/v1/PollRequest.js';
import type { RenewReply as _cairn_v1_RenewReply, RenewReply__Output as _cairn_v1_RenewReply__Output } from '../../cairn/v1/RenewReply.js';
import type { RenewRequest as _cairn_v1_RenewRequest, RenewRequest__Output as _cairn_v1_RenewRequest__Output } from '../../cairn/v1/RenewRequest.js';
import type { ReportReply as _cairn_v1_ReportReply, ReportReply__Output as _cairn_v1_ReportReply__Output } from '../../cairn/v1/ReportReply.js';
import type { ReportRequest as _cairn_v1_ReportRequest, ReportRequest__Output as _cairn_v1_ReportRequest__Output } from '../../cairn/v1/ReportRequest.js';
import type { SubmitReply as _cairn_v1_SubmitReply, SubmitReply__Output as _cairn_v1_SubmitReply__Output } from '../../cairn/v1/SubmitReply.js';
import type { SubmitRequest as _cairn_v1_SubmitRequest, SubmitRequest__Output as _cairn_v1_SubmitRequest__Output } from '../../cairn/v1/SubmitRequest.js';
import type { WitnessReply as _cairn_v1_WitnessReply, WitnessReply__Output as _cairn_v1_WitnessReply__Output } from '../../cairn/v1/WitnessReply.js';
import type { WitnessRequest as _cairn_v1_WitnessRequest, WitnessRequest__Output as _cairn_v1_WitnessRequest__Output } from '../../cairn/v1/WitnessRequest.js';

export interface HubClient extends grpc.Client {
  Claim(argument: _cairn_v1_ClaimRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_ClaimReply__Output>): grpc.ClientUnaryCall;
  Claim(argument: _cairn_v1_ClaimRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_ClaimReply__Output>): grpc.ClientUnaryCall;
  Claim(argument: _cairn_v1_ClaimRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_ClaimReply__Output>): grpc.ClientUnaryCall;
  Claim(argument: _cairn_v1_ClaimRequest, callback: grpc.requestCallback<_cairn_v1_ClaimReply__Output>): grpc.ClientUnaryCall;
  claim(argument: _cairn_v1_ClaimRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_ClaimReply__Output>): grpc.ClientUnaryCall;
  claim(argument: _cairn_v1_ClaimRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_ClaimReply__Output>): grpc.ClientUnaryCall;
  claim(argument: _cairn_v1_ClaimRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_ClaimReply__Output>): grpc.ClientUnaryCall;
  claim(argument: _cairn_v1_ClaimRequest, callback: grpc.requestCallback<_cairn_v1_ClaimReply__Output>): grpc.ClientUnaryCall;
  
  Enrol(argument: _cairn_v1_EnrolRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _cairn_v1_EnrolRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _cairn_v1_EnrolRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _cairn_v1_EnrolRequest, callback: grpc.requestCallback<_cairn_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  enrol(argument: _cairn_v1_EnrolRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  enrol(argument: _cairn_v1_EnrolRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  enrol(argument: _cairn_v1_EnrolRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  enrol(argument: _cairn_v1_EnrolRequest, callback: grpc.requestCallback<_cairn_v1_EnrolReply__Output>): grpc.ClientUnaryCall;
  
  FetchComparisons(argument: _cairn_v1_FetchComparisonsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_FetchComparisonsReply__Output>): grpc.ClientUnaryCall;
  FetchComparisons(argument: _cairn_v1_FetchComparisonsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_FetchComparisonsReply__Output>): grpc.ClientUnaryCall;
  FetchComparisons(argument: _cairn_v1_FetchComparisonsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_FetchComparisonsReply__Output>): grpc.ClientUnaryCall;
  FetchComparisons(argument: _cairn_v1_FetchComparisonsRequest, callback: grpc.requestCallback<_cairn_v1_FetchComparisonsReply__Output>): grpc.ClientUnaryCall;
  fetchComparisons(argument: _cairn_v1_FetchComparisonsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_FetchComparisonsReply__Output>): grpc.ClientUnaryCall;
  fetchComparisons(argument: _cairn_v1_FetchComparisonsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_FetchComparisonsReply__Output>): grpc.ClientUnaryCall;
  fetchComparisons(argument: _cairn_v1_FetchComparisonsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_FetchComparisonsReply__Output>): grpc.ClientUnaryCall;
  fetchComparisons(argument: _cairn_v1_FetchComparisonsRequest, callback: grpc.requestCallback<_cairn_v1_FetchComparisonsReply__Output>): grpc.ClientUnaryCall;
  
  FetchLibrary(argument: _cairn_v1_FetchLibraryRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_FetchLibraryReply__Output>): grpc.ClientUnaryCall;
  FetchLibrary(argument: _cairn_v1_FetchLibraryRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_FetchLibraryReply__Output>): grpc.ClientUnaryCall;
  FetchLibrary(argument: _cairn_v1_FetchLibraryRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_FetchLibraryReply__Output>): grpc.ClientUnaryCall;
  FetchLibrary(argument: _cairn_v1_FetchLibraryRequest, callback: grpc.requestCallback<_cairn_v1_FetchLibraryReply__Output>): grpc.ClientUnaryCall;
  fetchLibrary(argument: _cairn_v1_FetchLibraryRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_FetchLibraryReply__Output>): grpc.ClientUnaryCall;
  fetchLibrary(argument: _cairn_v1_FetchLibraryRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_FetchLibraryReply__Output>): grpc.ClientUnaryCall;
  fetchLibrary(argument: _cairn_v1_FetchLibraryRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_FetchLibraryReply__Output>): grpc.ClientUnaryCall;
  fetchLibrary(argument: _cairn_v1_FetchLibraryRequest, callback: grpc.requestCallback<_cairn_v1_FetchLibraryReply__Output>): grpc.ClientUnaryCall;
  
  GiveBack(argument: _cairn_v1_GiveBackRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_GiveBackReply__Output>): grpc.ClientUnaryCall;
  GiveBack(argument: _cairn_v1_GiveBackRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_GiveBackReply__Output>): grpc.ClientUnaryCall;
  GiveBack(argument: _cairn_v1_GiveBackRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_GiveBackReply__Output>): grpc.ClientUnaryCall;
  GiveBack(argument: _cairn_v1_GiveBackRequest, callback: grpc.requestCallback<_cairn_v1_GiveBackReply__Output>): grpc.ClientUnaryCall;
  giveBack(argument: _cairn_v1_GiveBackRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_GiveBackReply__Output>): grpc.ClientUnaryCall;
  giveBack(argument: _cairn_v1_GiveBackRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_GiveBackReply__Output>): grpc.ClientUnaryCall;
  giveBack(argument: _cairn_v1_GiveBackRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_GiveBackReply__Output>): grpc.ClientUnaryCall;
  giveBack(argument: _cairn_v1_GiveBackRequest, callback: grpc.requestCallback<_cairn_v1_GiveBackReply__Output>): grpc.ClientUnaryCall;
  
  Poll(argument: _cairn_v1_PollRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_PollReply__Output>): grpc.ClientUnaryCall;
  Poll(argument: _cairn_v1_PollRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_PollReply__Output>): grpc.ClientUnaryCall;
  Poll(argument: _cairn_v1_PollRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_PollReply__Output>): grpc.ClientUnaryCall;
  Poll(argument: _cairn_v1_PollRequest, callback: grpc.requestCallback<_cairn_v1_PollReply__Output>): grpc.ClientUnaryCall;
  poll(argument: _cairn_v1_PollRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_PollReply__Output>): grpc.ClientUnaryCall;
  poll(argument: _cairn_v1_PollRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_PollReply__Output>): grpc.ClientUnaryCall;
  poll(argument: _cairn_v1_PollRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_PollReply__Output>): grpc.ClientUnaryCall;
  poll(argument: _cairn_v1_PollRequest, callback: grpc.requestCallback<_cairn_v1_PollReply__Output>): grpc.ClientUnaryCall;
  
  Renew(argument: _cairn_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  Renew(argument: _cairn_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  Renew(argument: _cairn_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  Renew(argument: _cairn_v1_RenewRequest, callback: grpc.requestCallback<_cairn_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  renew(argument: _cairn_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  renew(argument: _cairn_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  renew(argument: _cairn_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  renew(argument: _cairn_v1_RenewRequest, callback: grpc.requestCallback<_cairn_v1_RenewReply__Output>): grpc.ClientUnaryCall;
  
  Report(argument: _cairn_v1_ReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  Report(argument: _cairn_v1_ReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  Report(argument: _cairn_v1_ReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  Report(argument: _cairn_v1_ReportRequest, callback: grpc.requestCallback<_cairn_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  report(argument: _cairn_v1_ReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  report(argument: _cairn_v1_ReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  report(argument: _cairn_v1_ReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  report(argument: _cairn_v1_ReportRequest, callback: grpc.requestCallback<_cairn_v1_ReportReply__Output>): grpc.ClientUnaryCall;
  
  Submit(argument: _cairn_v1_SubmitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_SubmitReply__Output>): grpc.ClientUnaryCall;
  Submit(argument: _cairn_v1_SubmitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_SubmitReply__Output>): grpc.ClientUnaryCall;
  Submit(argument: _cairn_v1_SubmitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_SubmitReply__Output>): grpc.ClientUnaryCall;
  Submit(argument: _cairn_v1_SubmitRequest, callback: grpc.requestCallback<_cairn_v1_SubmitReply__Output>): grpc.ClientUnaryCall;
  submit(argument: _cairn_v1_SubmitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_SubmitReply__Output>): grpc.ClientUnaryCall;
  submit(argument: _cairn_v1_SubmitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_SubmitReply__Output>): grpc.ClientUnaryCall;
  submit(argument: _cairn_v1_SubmitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_SubmitReply__Output>): grpc.ClientUnaryCall;
  submit(argument: _cairn_v1_SubmitRequest, callback: grpc.requestCallback<_cairn_v1_SubmitReply__Output>): grpc.ClientUnaryCall;
  
  Witness(argument: _cairn_v1_WitnessRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_WitnessReply__Output>): grpc.ClientUnaryCall;
  Witness(argument: _cairn_v1_WitnessRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_WitnessReply__Output>): grpc.ClientUnaryCall;
  Witness(argument: _cairn_v1_WitnessRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_WitnessReply__Output>): grpc.ClientUnaryCall;
  Witness(argument: _cairn_v1_WitnessRequest, callback: grpc.requestCallback<_cairn_v1_WitnessReply__Output>): grpc.ClientUnaryCall;
  witness(argument: _cairn_v1_WitnessRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_WitnessReply__Output>): grpc.ClientUnaryCall;
  witness(argument: _cairn_v1_WitnessRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_WitnessReply__Output>): grpc.ClientUnaryCall;
  witness(argument: _cairn_v1_WitnessRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_WitnessReply__Output>): grpc.ClientUnaryCall;
  witness(argument: _cairn_v1_WitnessRequest, callback: grpc.requestCallback<_cairn_v1_WitnessReply__Output>): grpc.ClientUnaryCall;
  
}

export interface HubHandlers extends grpc.UntypedServiceImplementation {
  Claim: grpc.handleUnaryCall<_cairn_v1_ClaimRequest__Output, _cairn_v1_ClaimReply>;
  
  Enrol: grpc.handleUnaryCall<_cairn_v1_EnrolRequest__Output, _cairn_v1_EnrolReply>;
  
  FetchComparisons: grpc.handleUnaryCall<_cairn_v1_FetchComparisonsRequest__Output, _cairn_v1_FetchComparisonsReply>;
  
  FetchLibrary: grpc.handleUnaryCall<_cairn_v1_FetchLibraryRequest__Output, _cairn_v1_FetchLibraryReply>;
  
  GiveBack: grpc.handleUnaryCall<_cairn_v1_GiveBackRequest__Output, _cairn_v1_GiveBackReply>;
  
  Poll: grpc.handleUnaryCall<_cairn_v1_PollRequest__Output, _cairn_v1_PollReply>;
  
  Renew: grpc.handleUnaryCall<_cairn_v1_RenewRequest__Output, _cairn_v1_RenewReply>;
  
  Report: grpc.handleUnaryCall<_cairn_v1_ReportRequest__Output, _cairn_v1_ReportReply>;
  
  Submit: grpc.handleUnaryCall<_cairn_v1_SubmitRequest__Output, _cairn_v1_SubmitReply>;
  
  Witness: grpc.handleUnaryCall<_cairn_v1_WitnessRequest__Output, _cairn_v1_WitnessReply>;
  
}

export interface HubDefinition extends grpc.ServiceDefinition {
  Claim: MethodDefinition<_cairn_v1_ClaimRequest, _cairn_v1_ClaimReply, _cairn_v1_ClaimRequest__Output, _cairn_v1_ClaimReply__Output>
  Enrol: MethodDefinition<_cairn_v1_EnrolRequest, _cairn_v1_EnrolReply, _cairn_v1_EnrolRequest__Output, _cairn_v1_EnrolReply__Output>
  FetchComparisons: MethodDefinition<_cairn_v1_FetchComparisonsRequest, _cairn_v1_FetchComparisonsReply, _cairn_v1_FetchComparisonsRequest__Output, _cairn_v1_FetchComparisonsReply__Output>
  FetchLibrary: MethodDefinition<_cairn_v1_FetchLibraryRequest, _cairn_v1_FetchLibraryReply, _cairn_v1_FetchLibraryRequest__Output, _cairn_v1_FetchLibraryReply__Output>
  GiveBack: MethodDefinition<_cairn_v1_GiveBackRequest, _cairn_v1_GiveBackReply, _cairn_v1_GiveBackRequest__Output, _cairn_v1_GiveBackReply__Output>
  Poll: MethodDefinition<_cairn_v1_PollRequest, _cairn_v1_PollReply, _cairn_v1_PollRequest__Output, _cairn_v1_PollReply__Output>
  Renew: MethodDefinition<_cairn_v1_RenewRequest, _cairn_v1_RenewReply, _cairn_v1_RenewRequest__Output, _cairn_v1_RenewReply__Output>
  Report: MethodDefinition<_cairn_v1_ReportRequest, _cairn_v1_ReportReply, _cairn_v1_ReportRequest__Output, _cairn_v1_ReportReply__Output>
  Submit: MethodDefinition<_cairn_v1_SubmitRequest, _cairn_v1_SubmitReply, _cairn_v1_SubmitRequest__Output, _cairn_v1_SubmitReply__Output>
  Witness: MethodDefinition<_cairn_v1_WitnessRequest, _cairn_v1_WitnessReply, _cairn_v1_WitnessRequest__Output, _cairn_v1_WitnessReply__Output>
}
