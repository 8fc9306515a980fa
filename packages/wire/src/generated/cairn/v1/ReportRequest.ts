// Original file: proto/cairn/v1/hub.proto

import type { RunState as _cairn_v1_RunState, RunState__Output as _cairn_v1_RunState__Output } from '../../cairn/v1/RunState.js';
import type { Consent as _cairn_v1_Consent, Consent__Output as _cairn_v1_Consent__Output } from '../../cairn/v1/Consent.js';

export interface ReportRequest {
  'runs'?: (_cairn_v1_RunState)[];
  'idempotencyKey'?: (string);
  'consents'?: (_cairn_v1_Consent)[];
}

export interface ReportRequest__Output {
  'runs': (_cairn_v1_RunState__Output)[];
  'idempotencyKey': (string);
  'consents': (_cairn_v1_Consent__Output)[];
}
