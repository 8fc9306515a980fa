// Original file: proto/cairn/v1/keeper.proto

import type { Long } from '@grpc/proto-loader';

export interface CountersignRequest {
  'checkpoint'?: (string);
  'consistency'?: (Buffer | Uint8Array | string)[];
  'fromSize'?: (number | string | Long);
  'proofs'?: (string)[];
  'proofsConsistency'?: (Buffer | Uint8Array | string)[];
}

export interface CountersignRequest__Output {
  'checkpoint': (string);
  'consistency': (Buffer)[];
  'fromSize': (number);
  'proofs': (string)[];
  'proofsConsistency': (Buffer)[];
}
