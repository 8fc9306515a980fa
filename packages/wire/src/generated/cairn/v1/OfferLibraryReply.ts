// Original file: proto/cairn/v1/keeper.proto

import type { Refusal as _cairn_v1_Refusal, Refusal__Output as _cairn_v1_Refusal__Output } from '../../cairn/v1/Refusal.js';

export interface OfferLibraryReply {
  'accepted'?: (boolean);
  'version'?: (string);
  'refusal'?: (_cairn_v1_Refusal | null);
}

export interface OfferLibraryReply__Output {
  'accepted': (boolean);
  'version': (string);
  'refusal': (_cairn_v1_Refusal__Output | null);
}
