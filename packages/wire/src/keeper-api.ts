/** The calls of a courier to its keeper, and the answers. `X__Output` is a message as it is received. */
import type { Call, Connection, Handler } from "./calls.js";
import type {
  AcknowledgeReply,
  AcknowledgeReply__Output,
  AcknowledgeRequest,
  AcknowledgeRequest__Output,
  CountersignReply,
  CountersignReply__Output,
  CountersignRequest,
  CountersignRequest__Output,
  DescribeRequest,
  DescribeRequest__Output,
  ExecuteRequest,
  ExecuteRequest__Output,
  KeeperState,
  KeeperState__Output,
  LinkNote,
  LinkNote__Output,
  NoteLinkReply,
  NoteLinkReply__Output,
  OfferComparisonsReply,
  OfferComparisonsReply__Output,
  OfferComparisonsRequest,
  OfferComparisonsRequest__Output,
  OfferLibraryReply,
  OfferLibraryReply__Output,
  OfferLibraryRequest,
  OfferLibraryRequest__Output,
  OfferRunsRequest,
  OfferRunsRequest__Output,
  RunStates,
  RunStates__Output,
  TakeBackRequest,
  TakeBackRequest__Output,
  TakeReleaseReply,
  TakeReleaseReply__Output,
  TakeReleaseRequest,
  TakeReleaseRequest__Output,
  WaitForChangesRequest,
  WaitForChangesRequest__Output,
} from "./messages.js";

export interface KeeperApi extends Connection {
  readonly describe: Call<DescribeRequest, KeeperState__Output>;
  readonly offerLibrary: Call<OfferLibraryRequest, OfferLibraryReply__Output>;
  readonly offerRuns: Call<OfferRunsRequest, RunStates__Output>;
  readonly execute: Call<ExecuteRequest, RunStates__Output>;
  readonly waitForChanges: Call<WaitForChangesRequest, RunStates__Output>;
  readonly takeRelease: Call<TakeReleaseRequest, TakeReleaseReply__Output>;
  readonly acknowledge: Call<AcknowledgeRequest, AcknowledgeReply__Output>;
  readonly takeBack: Call<TakeBackRequest, RunStates__Output>;
  readonly countersign: Call<CountersignRequest, CountersignReply__Output>;
  readonly offerComparisons: Call<OfferComparisonsRequest, OfferComparisonsReply__Output>;
  readonly noteLink: Call<LinkNote, NoteLinkReply__Output>;
}

export interface KeeperHandlers {
  readonly describe: Handler<DescribeRequest__Output, KeeperState>;
  readonly offerLibrary: Handler<OfferLibraryRequest__Output, OfferLibraryReply>;
  readonly offerRuns: Handler<OfferRunsRequest__Output, RunStates>;
  readonly execute: Handler<ExecuteRequest__Output, RunStates>;
  readonly waitForChanges: Handler<WaitForChangesRequest__Output, RunStates>;
  readonly takeRelease: Handler<TakeReleaseRequest__Output, TakeReleaseReply>;
  readonly acknowledge: Handler<AcknowledgeRequest__Output, AcknowledgeReply>;
  readonly takeBack: Handler<TakeBackRequest__Output, RunStates>;
  readonly countersign: Handler<CountersignRequest__Output, CountersignReply>;
  readonly offerComparisons: Handler<OfferComparisonsRequest__Output, OfferComparisonsReply>;
  readonly noteLink: Handler<LinkNote__Output, NoteLinkReply>;
}
