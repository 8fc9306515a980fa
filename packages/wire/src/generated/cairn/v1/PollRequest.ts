// Original file: proto/cairn/v1/hub.proto

import type { Long } from '@grpc/proto-loader';

export interface PollRequest {
  'libraryVersion'?: (string);
  'knownRuns'?: (string)[];
  'holdSeconds'?: (number);
  'generation'?: (number);
  'instance'?: (string);
  'sentAt'?: (number | string | Long);
  'coversTo'?: (string);
  'paused'?: (boolean);
  'agentVersion'?: (string);
  'comparisonsFrom'?: (number | string | Long);
  'libraryEdition'?: (string);
}

export interface PollRequest__Output {
  'libraryVersion': (string);
  'knownRuns': (string)[];
  'holdSeconds': (number);
  'generation': (number);
  'instance': (string);
  'sentAt': (number);
  'coversTo': (string);
  'paused': (boolean);
  'agentVersion': (string);
  'comparisonsFrom': (number);
  'libraryEdition': (string);
}
