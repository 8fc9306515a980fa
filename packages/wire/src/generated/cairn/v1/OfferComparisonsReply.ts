// Original file: proto/cairn/v1/keeper.proto

import type { Refusal as _cairn_v1_Refusal, Refusal__Output as _cairn_v1_Refusal__Output } from '../../cairn/v1/Refusal.js';
import type { Long } from '@grpc/proto-loader';

export interface OfferComparisonsReply {
  'taken'?: (number);
  'refusals'?: (_cairn_v1_Refusal)[];
  'refusal'?: (_cairn_v1_Refusal | null);
  'comparisonsFrom'?: (number | string | Long);
}

export interface OfferComparisonsReply__Output {
  'taken': (number);
  'refusals': (_cairn_v1_Refusal__Output)[];
  'refusal': (_cairn_v1_Refusal__Output | null);
  'comparisonsFrom': (number);
}
