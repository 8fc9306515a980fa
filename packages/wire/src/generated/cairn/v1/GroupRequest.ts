// Original file: proto/cairn/v1/keeper.proto

import type { AgentRunState as _cairn_v1_AgentRunState, AgentRunState__Output as _cairn_v1_AgentRunState__Output } from '../../cairn/v1/AgentRunState.js';
import type { Refusal as _cairn_v1_Refusal, Refusal__Output as _cairn_v1_Refusal__Output } from '../../cairn/v1/Refusal.js';
import type { Use as _cairn_v1_Use, Use__Output as _cairn_v1_Use__Output } from '../../cairn/v1/Use.js';

export interface GroupRequest {
  'group'?: (string);
  'state'?: (_cairn_v1_AgentRunState);
  'refusal'?: (_cairn_v1_Refusal | null);
  'use'?: (_cairn_v1_Use | null);
  'groupWaits'?: (boolean);
}

export interface GroupRequest__Output {
  'group': (string);
  'state': (_cairn_v1_AgentRunState__Output);
  'refusal': (_cairn_v1_Refusal__Output | null);
  'use': (_cairn_v1_Use__Output | null);
  'groupWaits': (boolean);
}
