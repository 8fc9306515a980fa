// Original file: proto/cairn/v1/hub.proto

import type { Comparison as _cairn_v1_Comparison, Comparison__Output as _cairn_v1_Comparison__Output } from '../../cairn/v1/Comparison.js';
import type { Long } from '@grpc/proto-loader';

export interface FetchComparisonsReply {
  'comparisons'?: (_cairn_v1_Comparison)[];
  'next'?: (number | string | Long);
  'more'?: (boolean);
  'checkpoint'?: (string);
  'consistency'?: (Buffer | Uint8Array | string)[];
  'fromSize'?: (number | string | Long);
}

export interface FetchComparisonsReply__Output {
  'comparisons': (_cairn_v1_Comparison__Output)[];
  'next': (number);
  'more': (boolean);
  'checkpoint': (string);
  'consistency': (Buffer)[];
  'fromSize': (number);
}
