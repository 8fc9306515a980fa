// Original file: proto/cairn/v1/hub.proto

import type { Long } from '@grpc/proto-loader';

export interface RenewRequest {
  'csr'?: (Buffer | Uint8Array | string);
  'generation'?: (number);
  'instance'?: (string);
  'sentAt'?: (number | string | Long);
  'idempotencyKey'?: (string);
}

export interface RenewRequest__Output {
  'csr': (Buffer);
  'generation': (number);
  'instance': (string);
  'sentAt': (number);
  'idempotencyKey': (string);
}
