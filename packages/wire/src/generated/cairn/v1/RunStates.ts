// Original file: proto/cairn/v1/keeper.proto

import type { RunState as _cairn_v1_RunState, RunState__Output as _cairn_v1_RunState__Output } from '../../cairn/v1/RunState.js';
import type { Long } from '@grpc/proto-loader';

export interface RunStates {
  'runs'?: (_cairn_v1_RunState)[];
  'change'?: (number | string | Long);
}

export interface RunStates__Output {
  'runs': (_cairn_v1_RunState__Output)[];
  'change': (number);
}
