// Original file: proto/cairn/v1/release.proto

import type { Long } from '@grpc/proto-loader';

export interface Use {
  'run'?: (string);
  'correction'?: (number);
  'releaseDigest'?: (Buffer | Uint8Array | string);
  'group'?: (string);
  'charterDigest'?: (Buffer | Uint8Array | string);
  'ended'?: (boolean);
  'logIndex'?: (number | string | Long);
  'logSize'?: (number | string | Long);
  'logRoot'?: (Buffer | Uint8Array | string);
  'signature'?: (Buffer | Uint8Array | string);
}

export interface Use__Output {
  'run': (string);
  'correction': (number);
  'releaseDigest': (Buffer);
  'group': (string);
  'charterDigest': (Buffer);
  'ended': (boolean);
  'logIndex': (number);
  'logSize': (number);
  'logRoot': (Buffer);
  'signature': (Buffer);
}
