// Original file: proto/cairn/v1/hub.proto

import type { SignedRelease as _cairn_v1_SignedRelease, SignedRelease__Output as _cairn_v1_SignedRelease__Output } from '../../cairn/v1/SignedRelease.js';

export interface SubmitRequest {
  'releases'?: (_cairn_v1_SignedRelease)[];
  'idempotencyKey'?: (string);
}

export interface SubmitRequest__Output {
  'releases': (_cairn_v1_SignedRelease__Output)[];
  'idempotencyKey': (string);
}
