// Original file: proto/cairn/v1/keeper.proto

import type { HeldRelease as _cairn_v1_HeldRelease, HeldRelease__Output as _cairn_v1_HeldRelease__Output } from '../../cairn/v1/HeldRelease.js';

export interface TakeBackRequest {
  'held'?: (_cairn_v1_HeldRelease)[];
  'all'?: (boolean);
}

export interface TakeBackRequest__Output {
  'held': (_cairn_v1_HeldRelease__Output)[];
  'all': (boolean);
}
