// Original file: proto/cairn/v1/keeper.proto

import type { Long } from '@grpc/proto-loader';

export interface Receipt {
  'run'?: (string);
  'releaseDigest'?: (Buffer | Uint8Array | string);
  'hubLogIndex'?: (number | string | Long);
  'signature'?: (Buffer | Uint8Array | string);
  'withdrawn'?: (boolean);
  'correction'?: (number);
  'group'?: (string);
}

export interface Receipt__Output {
  'run': (string);
  'releaseDigest': (Buffer);
  'hubLogIndex': (number);
  'signature': (Buffer);
  'withdrawn': (boolean);
  'correction': (number);
  'group': (string);
}
