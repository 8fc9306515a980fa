// Original file: proto/cairn/v1/keeper.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AcknowledgeReply as _cairn_v1_AcknowledgeReply, AcknowledgeReply__Output as _cairn_v1_AcknowledgeReply__Output } from '../../cairn/v1/AcknowledgeReply.js';
import type { AcknowledgeRequest as _cairn_v1_AcknowledgeRequest, AcknowledgeRequest__Output as _cairn_v1_AcknowledgeRequest__Output } from '../../cairn/v1/AcknowledgeRequest.js';
import type { CountersignReply as _cairn_v1_CountersignReply, CountersignReply__Output as _cairn_v1_CountersignReply__Output } from '../../cairn/v1/CountersignReply.js';
import type { CountersignRequest as _cairn_v1_CountersignRequest, CountersignRequest__Output as _cairn_v1_CountersignRequest__Output } from '../../cairn/v1/CountersignRequest.js';
import type { DescribeRequest as _cairn_v1_DescribeRequest, DescribeRequest__Output as _cairn_v1_DescribeRequest__Output } from '../../cairn/v1/DescribeRequest.js';
import type { ExecuteRequest as _cairn_v1_ExecuteRequest, ExecuteRequest__Output as _cairn_v1_ExecuteRequest__Output } from '../../cairn/v1/ExecuteRequest.js';
import type { KeeperState as _cairn_v1_KeeperState, KeeperState__Output as _cairn_v1_KeeperState__Output } from '../../cairn/v1/KeeperState.js';
import type { LinkNote as _cairn_v1_LinkNote, LinkNote__Output as _cairn_v1_LinkNote__Output } from '../../cairn/v1/LinkNote.js';
import type { NoteLinkReply as _cairn_v1_NoteLinkReply, NoteLinkReply__Output as _cairn_v1_NoteLinkReply__Output } from '../../cairn/v1/NoteLinkReply.js';
import type { OfferComparisonsReply as _cairn_v1_OfferComparisonsReply, OfferComparisonsReply__Output as _cairn_v1_OfferComparisonsReply__Output } from '../../cairn/v1/OfferComparisonsReply.js';
import type { OfferComparisonsRequest as _cairn_v1_OfferComparisonsRequest, OfferComparisonsRequest__Output as _cairn_v1_OfferComparisonsRequest__Output } from '../../cairn/v1/OfferComparisonsRequest.js';
import type { OfferLibraryReply as _cairn_v1_OfferLibraryReply, OfferLibraryReply__Output as _cairn_v1_OfferLibraryReply__Output } from '../../cairn/v1/OfferLibraryReply.js';
import type { OfferLibraryRequest as _cairn_v1_OfferLibraryRequest, OfferLibraryRequest__Output as _cairn_v1_OfferLibraryRequest__Output } from '../../cairn/v1/OfferLibraryRequest.js';
import type { OfferRunsRequest as _cairn_v1_OfferRunsRequest, OfferRunsRequest__Output as _cairn_v1_OfferRunsRequest__Output } from '../../cairn/v1/OfferRunsRequest.js';
import type { RunStates as _cairn_v1_RunStates, RunStates__Output as _cairn_v1_RunStates__Output } from '../../cairn/v1/RunStates.js';
import type { TakeBackRequest as _cairn_v1_TakeBackRequest, TakeBackRequest__Output as _cairn_v1_TakeBackRequest__Output } from '../../cairn/v1/TakeBackRequest.js';
import type { TakeReleaseReply as _cairn_v1_TakeReleaseReply, TakeReleaseReply__Output as _cairn_v1_TakeReleaseReply__Output } from '../../cairn/v1/TakeReleaseReply.js';
import type { TakeReleaseRequest as _cairn_v1_TakeReleaseRequest, TakeReleaseRequest__Output as _cairn_v1_TakeReleaseRequest__Output } from '../../cairn/v1/TakeReleaseRequest.js';
import type { WaitForChangesRequest as _cairn_v1_WaitForChangesRequest, WaitForChangesRequest__Output as _cairn_v1_WaitForChangesRequest__Output } from '../../cairn/v1/WaitForChangesRequest.js';

export interface KeeperClient extends grpc.Client {
  Acknowledge(argument: _cairn_v1_AcknowledgeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_AcknowledgeReply__Output>): grpc.ClientUnaryCall;
  Acknowledge(argument: _cairn_v1_AcknowledgeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_AcknowledgeReply__Output>): grpc.ClientUnaryCall;
  Acknowledge(argument: _cairn_v1_AcknowledgeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_AcknowledgeReply__Output>): grpc.ClientUnaryCall;
  Acknowledge(argument: _cairn_v1_AcknowledgeRequest, callback: grpc.requestCallback<_cairn_v1_AcknowledgeReply__Output>): grpc.ClientUnaryCall;
  acknowledge(argument: _cairn_v1_AcknowledgeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_AcknowledgeReply__Output>): grpc.ClientUnaryCall;
  acknowledge(argument: _cairn_v1_AcknowledgeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_AcknowledgeReply__Output>): grpc.ClientUnaryCall;
  acknowledge(argument: _cairn_v1_AcknowledgeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_AcknowledgeReply__Output>): grpc.ClientUnaryCall;
  acknowledge(argument: _cairn_v1_AcknowledgeRequest, callback: grpc.requestCallback<_cairn_v1_AcknowledgeReply__Output>): grpc.ClientUnaryCall;
  
  Countersign(argument: _cairn_v1_CountersignRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_CountersignReply__Output>): grpc.ClientUnaryCall;
  Countersign(argument: _cairn_v1_CountersignRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_CountersignReply__Output>): grpc.ClientUnaryCall;
  Countersign(argument: _cairn_v1_CountersignRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_CountersignReply__Output>): grpc.ClientUnaryCall;
  Countersign(argument: _cairn_v1_CountersignRequest, callback: grpc.requestCallback<_cairn_v1_CountersignReply__Output>): grpc.ClientUnaryCall;
  countersign(argument: _cairn_v1_CountersignRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_CountersignReply__Output>): grpc.ClientUnaryCall;
  countersign(argument: _cairn_v1_CountersignRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_CountersignReply__Output>): grpc.ClientUnaryCall;
  countersign(argument: _cairn_v1_CountersignRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_CountersignReply__Output>): grpc.ClientUnaryCall;
  countersign(argument: _cairn_v1_CountersignRequest, callback: grpc.requestCallback<_cairn_v1_CountersignReply__Output>): grpc.ClientUnaryCall;
  
  Describe(argument: _cairn_v1_DescribeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_KeeperState__Output>): grpc.ClientUnaryCall;
  Describe(argument: _cairn_v1_DescribeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_KeeperState__Output>): grpc.ClientUnaryCall;
  Describe(argument: _cairn_v1_DescribeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_KeeperState__Output>): grpc.ClientUnaryCall;
  Describe(argument: _cairn_v1_DescribeRequest, callback: grpc.requestCallback<_cairn_v1_KeeperState__Output>): grpc.ClientUnaryCall;
  describe(argument: _cairn_v1_DescribeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_KeeperState__Output>): grpc.ClientUnaryCall;
  describe(argument: _cairn_v1_DescribeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_KeeperState__Output>): grpc.ClientUnaryCall;
  describe(argument: _cairn_v1_DescribeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_KeeperState__Output>): grpc.ClientUnaryCall;
  describe(argument: _cairn_v1_DescribeRequest, callback: grpc.requestCallback<_cairn_v1_KeeperState__Output>): grpc.ClientUnaryCall;
  
  Execute(argument: _cairn_v1_ExecuteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  Execute(argument: _cairn_v1_ExecuteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  Execute(argument: _cairn_v1_ExecuteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  Execute(argument: _cairn_v1_ExecuteRequest, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  execute(argument: _cairn_v1_ExecuteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  execute(argument: _cairn_v1_ExecuteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  execute(argument: _cairn_v1_ExecuteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  execute(argument: _cairn_v1_ExecuteRequest, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  
  NoteLink(argument: _cairn_v1_LinkNote, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_NoteLinkReply__Output>): grpc.ClientUnaryCall;
  NoteLink(argument: _cairn_v1_LinkNote, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_NoteLinkReply__Output>): grpc.ClientUnaryCall;
  NoteLink(argument: _cairn_v1_LinkNote, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_NoteLinkReply__Output>): grpc.ClientUnaryCall;
  NoteLink(argument: _cairn_v1_LinkNote, callback: grpc.requestCallback<_cairn_v1_NoteLinkReply__Output>): grpc.ClientUnaryCall;
  noteLink(argument: _cairn_v1_LinkNote, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_NoteLinkReply__Output>): grpc.ClientUnaryCall;
  noteLink(argument: _cairn_v1_LinkNote, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_NoteLinkReply__Output>): grpc.ClientUnaryCall;
  noteLink(argument: _cairn_v1_LinkNote, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_NoteLinkReply__Output>): grpc.ClientUnaryCall;
  noteLink(argument: _cairn_v1_LinkNote, callback: grpc.requestCallback<_cairn_v1_NoteLinkReply__Output>): grpc.ClientUnaryCall;
  
  OfferComparisons(argument: _cairn_v1_OfferComparisonsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_OfferComparisonsReply__Output>): grpc.ClientUnaryCall;
  OfferComparisons(argument: _cairn_v1_OfferComparisonsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_OfferComparisonsReply__Output>): grpc.ClientUnaryCall;
  OfferComparisons(argument: _cairn_v1_OfferComparisonsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_OfferComparisonsReply__Output>): grpc.ClientUnaryCall;
  OfferComparisons(argument: _cairn_v1_OfferComparisonsRequest, callback: grpc.requestCallback<_cairn_v1_OfferComparisonsReply__Output>): grpc.ClientUnaryCall;
  offerComparisons(argument: _cairn_v1_OfferComparisonsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_OfferComparisonsReply__Output>): grpc.ClientUnaryCall;
  offerComparisons(argument: _cairn_v1_OfferComparisonsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_OfferComparisonsReply__Output>): grpc.ClientUnaryCall;
  offerComparisons(argument: _cairn_v1_OfferComparisonsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_OfferComparisonsReply__Output>): grpc.ClientUnaryCall;
  offerComparisons(argument: _cairn_v1_OfferComparisonsRequest, callback: grpc.requestCallback<_cairn_v1_OfferComparisonsReply__Output>): grpc.ClientUnaryCall;
  
  OfferLibrary(argument: _cairn_v1_OfferLibraryRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_OfferLibraryReply__Output>): grpc.ClientUnaryCall;
  OfferLibrary(argument: _cairn_v1_OfferLibraryRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_OfferLibraryReply__Output>): grpc.ClientUnaryCall;
  OfferLibrary(argument: _cairn_v1_OfferLibraryRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_OfferLibraryReply__Output>): grpc.ClientUnaryCall;
  OfferLibrary(argument: _cairn_v1_OfferLibraryRequest, callback: grpc.requestCallback<_cairn_v1_OfferLibraryReply__Output>): grpc.ClientUnaryCall;
  offerLibrary(argument: _cairn_v1_OfferLibraryRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_OfferLibraryReply__Output>): grpc.ClientUnaryCall;
  offerLibrary(argument: _cairn_v1_OfferLibraryRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_OfferLibraryReply__Output>): grpc.ClientUnaryCall;
  offerLibrary(argument: _cairn_v1_OfferLibraryRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_OfferLibraryReply__Output>): grpc.ClientUnaryCall;
  offerLibrary(argument: _cairn_v1_OfferLibraryRequest, callback: grpc.requestCallback<_cairn_v1_OfferLibraryReply__Output>): grpc.ClientUnaryCall;
  
  OfferRuns(argument: _cairn_v1_OfferRunsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  OfferRuns(argument: _cairn_v1_OfferRunsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  OfferRuns(argument: _cairn_v1_OfferRunsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  OfferRuns(argument: _cairn_v1_OfferRunsRequest, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  offerRuns(argument: _cairn_v1_OfferRunsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  offerRuns(argument: _cairn_v1_OfferRunsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  offerRuns(argument: _cairn_v1_OfferRunsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  offerRuns(argument: _cairn_v1_OfferRunsRequest, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  
  TakeBack(argument: _cairn_v1_TakeBackRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  TakeBack(argument: _cairn_v1_TakeBackRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  TakeBack(argument: _cairn_v1_TakeBackRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  TakeBack(argument: _cairn_v1_TakeBackRequest, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  takeBack(argument: _cairn_v1_TakeBackRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  takeBack(argument: _cairn_v1_TakeBackRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  takeBack(argument: _cairn_v1_TakeBackRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  takeBack(argument: _cairn_v1_TakeBackRequest, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  
  TakeRelease(argument: _cairn_v1_TakeReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_TakeReleaseReply__Output>): grpc.ClientUnaryCall;
  TakeRelease(argument: _cairn_v1_TakeReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_TakeReleaseReply__Output>): grpc.ClientUnaryCall;
  TakeRelease(argument: _cairn_v1_TakeReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_TakeReleaseReply__Output>): grpc.ClientUnaryCall;
  TakeRelease(argument: _cairn_v1_TakeReleaseRequest, callback: grpc.requestCallback<_cairn_v1_TakeReleaseReply__Output>): grpc.ClientUnaryCall;
  takeRelease(argument: _cairn_v1_TakeReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_TakeReleaseReply__Output>): grpc.ClientUnaryCall;
  takeRelease(argument: _cairn_v1_TakeReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_TakeReleaseReply__Output>): grpc.ClientUnaryCall;
  takeRelease(argument: _cairn_v1_TakeReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_TakeReleaseReply__Output>): grpc.ClientUnaryCall;
  takeRelease(argument: _cairn_v1_TakeReleaseRequest, callback: grpc.requestCallback<_cairn_v1_TakeReleaseReply__Output>): grpc.ClientUnaryCall;
  
  WaitForChanges(argument: _cairn_v1_WaitForChangesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  WaitForChanges(argument: _cairn_v1_WaitForChangesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  WaitForChanges(argument: _cairn_v1_WaitForChangesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  WaitForChanges(argument: _cairn_v1_WaitForChangesRequest, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  waitForChanges(argument: _cairn_v1_WaitForChangesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  waitForChanges(argument: _cairn_v1_WaitForChangesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  waitForChanges(argument: _cairn_v1_WaitForChangesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  waitForChanges(argument: _cairn_v1_WaitForChangesRequest, callback: grpc.requestCallback<_cairn_v1_RunStates__Output>): grpc.ClientUnaryCall;
  
}

export interface KeeperHandlers extends grpc.UntypedServiceImplementation {
  Acknowledge: grpc.handleUnaryCall<_cairn_v1_AcknowledgeRequest__Output, _cairn_v1_AcknowledgeReply>;
  
  Countersign: grpc.handleUnaryCall<_cairn_v1_CountersignRequest__Output, _cairn_v1_CountersignReply>;
  
  Describe: grpc.handleUnaryCall<_cairn_v1_DescribeRequest__Output, _cairn_v1_KeeperState>;
  
  Execute: grpc.handleUnaryCall<_cairn_v1_ExecuteRequest__Output, _cairn_v1_RunStates>;
  
  NoteLink: grpc.handleUnaryCall<_cairn_v1_LinkNote__Output, _cairn_v1_NoteLinkReply>;
  
  OfferComparisons: grpc.handleUnaryCall<_cairn_v1_OfferComparisonsRequest__Output, _cairn_v1_OfferComparisonsReply>;
  
  OfferLibrary: grpc.handleUnaryCall<_cairn_v1_OfferLibraryRequest__Output, _cairn_v1_OfferLibraryReply>;
  
  OfferRuns: grpc.handleUnaryCall<_cairn_v1_OfferRunsRequest__Output, _cairn_v1_RunStates>;
  
  TakeBack: grpc.handleUnaryCall<_cairn_v1_TakeBackRequest__Output, _cairn_v1_RunStates>;
  
  TakeRelease: grpc.handleUnaryCall<_cairn_v1_TakeReleaseRequest__Output, _cairn_v1_TakeReleaseReply>;
  
  WaitForChanges: grpc.handleUnaryCall<_cairn_v1_WaitForChangesRequest__Output, _cairn_v1_RunStates>;
  
}

export interface KeeperDefinition extends grpc.ServiceDefinition {
  Acknowledge: MethodDefinition<_cairn_v1_AcknowledgeRequest, _cairn_v1_AcknowledgeReply, _cairn_v1_AcknowledgeRequest__Output, _cairn_v1_AcknowledgeReply__Output>
  Countersign: MethodDefinition<_cairn_v1_CountersignRequest, _cairn_v1_CountersignReply, _cairn_v1_CountersignRequest__Output, _cairn_v1_CountersignReply__Output>
  Describe: MethodDefinition<_cairn_v1_DescribeRequest, _cairn_v1_KeeperState, _cairn_v1_DescribeRequest__Output, _cairn_v1_KeeperState__Output>
  Execute: MethodDefinition<_cairn_v1_ExecuteRequest, _cairn_v1_RunStates, _cairn_v1_ExecuteRequest__Output, _cairn_v1_RunStates__Output>
  NoteLink: MethodDefinition<_cairn_v1_LinkNote, _cairn_v1_NoteLinkReply, _cairn_v1_LinkNote__Output, _cairn_v1_NoteLinkReply__Output>
  OfferComparisons: MethodDefinition<_cairn_v1_OfferComparisonsRequest, _cairn_v1_OfferComparisonsReply, _cairn_v1_OfferComparisonsRequest__Output, _cairn_v1_OfferComparisonsReply__Output>
  OfferLibrary: MethodDefinition<_cairn_v1_OfferLibraryRequest, _cairn_v1_OfferLibraryReply, _cairn_v1_OfferLibraryRequest__Output, _cairn_v1_OfferLibraryReply__Output>
  OfferRuns: MethodDefinition<_cairn_v1_OfferRunsRequest, _cairn_v1_RunStates, _cairn_v1_OfferRunsRequest__Output, _cairn_v1_RunStates__Output>
  TakeBack: MethodDefinition<_cairn_v1_TakeBackRequest, _cairn_v1_RunStates, _cairn_v1_TakeBackRequest__Output, _cairn_v1_RunStates__Output>
  TakeRelease: MethodDefinition<_cairn_v1_TakeReleaseRequest, _cairn_v1_TakeReleaseReply, _cairn_v1_TakeReleaseRequest__Output, _cairn_v1_TakeReleaseReply__Output>
  WaitForChanges: MethodDefinition<_cairn_v1_WaitForChangesRequest, _cairn_v1_RunStates, _cairn_v1_WaitForChangesRequest__Output, _cairn_v1_RunStates__Output>
}
