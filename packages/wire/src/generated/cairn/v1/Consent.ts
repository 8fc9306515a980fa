// Original file: proto/cairn/v1/release.proto

import type { Long } from '@grpc/proto-loader';

export interface Consent {
  'group'?: (string);
  'charterDigest'?: (Buffer | Uint8Array | string);
  'to'?: (string);
  'until'?: (string);
  'ended'?: (boolean);
  'logIndex'?: (number | string | Long);
  'logSize'?: (number | string | Long);
  'logRoot'?: (Buffer | Uint8Array | string);
  'signature'?: (Buffer | Uint8Array | string);
}

export interface Consent__Output {
  'group': (string);
  'charterDigest': (Buffer);
  'to': (string);
  'until': (string);
  'ended': (boolean);
  'logIndex': (number);
  'logSize': (number);
  'logRoot': (Buffer);
  'signature': (Buffer);
}
