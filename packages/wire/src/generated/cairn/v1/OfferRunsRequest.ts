// Original file: proto/cairn/v1/keeper.proto

import type { Assignment as _cairn_v1_Assignment, Assignment__Output as _cairn_v1_Assignment__Output } from '../../cairn/v1/Assignment.js';

export interface OfferRunsRequest {
  'assignments'?: (_cairn_v1_Assignment)[];
}

export interface OfferRunsRequest__Output {
  'assignments': (_cairn_v1_Assignment__Output)[];
}
