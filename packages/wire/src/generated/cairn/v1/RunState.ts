// Original file: proto/cairn/v1/keeper.proto

import type { AgentRunState as _cairn_v1_AgentRunState, AgentRunState__Output as _cairn_v1_AgentRunState__Output } from '../../cairn/v1/AgentRunState.js';
import type { Refusal as _cairn_v1_Refusal, Refusal__Output as _cairn_v1_Refusal__Output } from '../../cairn/v1/Refusal.js';
import type { Withdrawal as _cairn_v1_Withdrawal, Withdrawal__Output as _cairn_v1_Withdrawal__Output } from '../../cairn/v1/Withdrawal.js';
import type { GroupRequest as _cairn_v1_GroupRequest, GroupRequest__Output as _cairn_v1_GroupRequest__Output } from '../../cairn/v1/GroupRequest.js';
import type { Long } from '@grpc/proto-loader';

export interface RunState {
  'run'?: (string);
  'state'?: (_cairn_v1_AgentRunState);
  'attempt'?: (number);
  'refusal'?: (_cairn_v1_Refusal | null);
  'change'?: (number | string | Long);
  'query'?: (string);
  'referenceDate'?: (string);
  'withdrawal'?: (_cairn_v1_Withdrawal | null);
  'groups'?: (_cairn_v1_GroupRequest)[];
}

export interface RunState__Output {
  'run': (string);
  'state': (_cairn_v1_AgentRunState__Output);
  'attempt': (number);
  'refusal': (_cairn_v1_Refusal__Output | null);
  'change': (number);
  'query': (string);
  'referenceDate': (string);
  'withdrawal': (_cairn_v1_Withdrawal__Output | null);
  'groups': (_cairn_v1_GroupRequest__Output)[];
}
