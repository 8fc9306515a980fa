// Original file: proto/cairn/v1/hub.proto

import type { Refusal as _cairn_v1_Refusal, Refusal__Output as _cairn_v1_Refusal__Output } from '../../cairn/v1/Refusal.js';

export interface RunRefusal {
  'run'?: (string);
  'refusal'?: (_cairn_v1_Refusal | null);
}

export interface RunRefusal__Output {
  'run': (string);
  'refusal': (_cairn_v1_Refusal__Output | null);
}
