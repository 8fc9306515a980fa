// Original file: proto/cairn/v1/hub.proto

import type { Assignment as _cairn_v1_Assignment, Assignment__Output as _cairn_v1_Assignment__Output } from '../../cairn/v1/Assignment.js';
import type { Long } from '@grpc/proto-loader';

export interface PollReply {
  'libraryVersion'?: (string);
  'assignments'?: (_cairn_v1_Assignment)[];
  'caBundle'?: (Buffer | Uint8Array | string);
  'lostRuns'?: (string)[];
  'checkpoint'?: (string);
  'nextPollSeconds'?: (number);
  'offlineAfterSeconds'?: (number);
  'newestComparison'?: (number | string | Long);
  'libraryEdition'?: (string);
  'quorumSize'?: (number | string | Long);
}

export interface PollReply__Output {
  'libraryVersion': (string);
  'assignments': (_cairn_v1_Assignment__Output)[];
  'caBundle': (Buffer);
  'lostRuns': (string)[];
  'checkpoint': (string);
  'nextPollSeconds': (number);
  'offlineAfterSeconds': (number);
  'newestComparison': (number);
  'libraryEdition': (string);
  'quorumSize': (number);
}
