// Original file: proto/cairn/v1/hub.proto

import type { HeldRelease as _cairn_v1_HeldRelease, HeldRelease__Output as _cairn_v1_HeldRelease__Output } from '../../cairn/v1/HeldRelease.js';
import type { Long } from '@grpc/proto-loader';

export interface GiveBackReply {
  'held'?: (_cairn_v1_HeldRelease)[];
  'next'?: (number | string | Long);
}

export interface GiveBackReply__Output {
  'held': (_cairn_v1_HeldRelease__Output)[];
  'next': (number);
}
