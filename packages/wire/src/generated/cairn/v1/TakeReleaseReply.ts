// Original file: proto/cairn/v1/keeper.proto

import type { SignedRelease as _cairn_v1_SignedRelease, SignedRelease__Output as _cairn_v1_SignedRelease__Output } from '../../cairn/v1/SignedRelease.js';
import type { Refusal as _cairn_v1_Refusal, Refusal__Output as _cairn_v1_Refusal__Output } from '../../cairn/v1/Refusal.js';
import type { Use as _cairn_v1_Use, Use__Output as _cairn_v1_Use__Output } from '../../cairn/v1/Use.js';

export interface TakeReleaseReply {
  'release'?: (_cairn_v1_SignedRelease | null);
  'refusal'?: (_cairn_v1_Refusal | null);
  'uses'?: (_cairn_v1_Use)[];
}

export interface TakeReleaseReply__Output {
  'release': (_cairn_v1_SignedRelease__Output | null);
  'refusal': (_cairn_v1_Refusal__Output | null);
  'uses': (_cairn_v1_Use__Output)[];
}
