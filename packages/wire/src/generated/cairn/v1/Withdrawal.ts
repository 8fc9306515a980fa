// Original file: proto/cairn/v1/release.proto

import type { Long } from '@grpc/proto-loader';

export interface Withdrawal {
  'run'?: (string);
  'correction'?: (number);
  'releaseDigest'?: (Buffer | Uint8Array | string);
  'correctable'?: (boolean);
  'logIndex'?: (number | string | Long);
  'logSize'?: (number | string | Long);
  'logRoot'?: (Buffer | Uint8Array | string);
  'signature'?: (Buffer | Uint8Array | string);
}

export interface Withdrawal__Output {
  'run': (string);
  'correction': (number);
  'releaseDigest': (Buffer);
  'correctable': (boolean);
  'logIndex': (number);
  'logSize': (number);
  'logRoot': (Buffer);
  'signature': (Buffer);
}
