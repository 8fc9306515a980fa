// Original file: proto/cairn/v1/hub.proto

import type { Long } from '@grpc/proto-loader';

export interface WitnessReply {
  'checkpoint'?: (string);
  'consistency'?: (Buffer | Uint8Array | string)[];
  'fromSize'?: (number | string | Long);
  'proofs'?: (string)[];
  'proofsConsistency'?: (Buffer | Uint8Array | string)[];
}

export interface WitnessReply__Output {
  'checkpoint': (string);
  'consistency': (Buffer)[];
  'fromSize': (number);
  'proofs': (string)[];
  'proofsConsistency': (Buffer)[];
}
