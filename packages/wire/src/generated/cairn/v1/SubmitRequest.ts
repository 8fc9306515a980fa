// Original file: proto/cairn/v1/hub.proto

import type { SignedRelease as _cairn_v1_SignedRelease, SignedRelease__Output as _cairn_v1_SignedRelease__Output } from '../../cairn/v1/SignedRelease.js';
import type { Use as _cairn_v1_Use, Use__Output as _cairn_v1_Use__Output } from '../../cairn/v1/Use.js';

export interface SubmitRequest {
  'releases'?: (_cairn_v1_SignedRelease)[];
  'idempotencyKey'?: (string);
  'uses'?: (_cairn_v1_Use)[];
}

export interface SubmitRequest__Output {
  'releases': (_cairn_v1_SignedRelease__Output)[];
  'idempotencyKey': (string);
  'uses': (_cairn_v1_Use__Output)[];
}
