// Original file: proto/cairn/v1/keeper.proto

import type { Refusal as _cairn_v1_Refusal, Refusal__Output as _cairn_v1_Refusal__Output } from '../../cairn/v1/Refusal.js';
import type { Long } from '@grpc/proto-loader';

export interface CountersignReply {
  'cosigned'?: (string);
  'seenSize'?: (number | string | Long);
  'refusal'?: (_cairn_v1_Refusal | null);
  'proofsRefusal'?: (_cairn_v1_Refusal | null);
}

export interface CountersignReply__Output {
  'cosigned': (string);
  'seenSize': (number);
  'refusal': (_cairn_v1_Refusal__Output | null);
  'proofsRefusal': (_cairn_v1_Refusal__Output | null);
}
