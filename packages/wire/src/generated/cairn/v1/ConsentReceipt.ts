// Original file: proto/cairn/v1/keeper.proto

import type { Long } from '@grpc/proto-loader';

export interface ConsentReceipt {
  'consentDigest'?: (Buffer | Uint8Array | string);
  'hubLogIndex'?: (number | string | Long);
  'signature'?: (Buffer | Uint8Array | string);
  'setAside'?: (boolean);
}

export interface ConsentReceipt__Output {
  'consentDigest': (Buffer);
  'hubLogIndex': (number);
  'signature': (Buffer);
  'setAside': (boolean);
}
