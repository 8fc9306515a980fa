// Original file: proto/cairn/v1/hub.proto

import type { DecidedCharters as _cairn_v1_DecidedCharters, DecidedCharters__Output as _cairn_v1_DecidedCharters__Output } from '../../cairn/v1/DecidedCharters.js';
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
  'decidedCharters'?: (_cairn_v1_DecidedCharters | null);
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
  'decidedCharters': (_cairn_v1_DecidedCharters__Output | null);
}
