// Original file: proto/cairn/v1/hub.proto

import type { RunState as _cairn_v1_RunState, RunState__Output as _cairn_v1_RunState__Output } from '../../cairn/v1/RunState.js';

export interface ReportRequest {
  'runs'?: (_cairn_v1_RunState)[];
  'idempotencyKey'?: (string);
}

export interface ReportRequest__Output {
  'runs': (_cairn_v1_RunState__Output)[];
  'idempotencyKey': (string);
}
