// Original file: proto/cairn/v1/keeper.proto

import type { Receipt as _cairn_v1_Receipt, Receipt__Output as _cairn_v1_Receipt__Output } from '../../cairn/v1/Receipt.js';

export interface AcknowledgeRequest {
  'receipts'?: (_cairn_v1_Receipt)[];
}

export interface AcknowledgeRequest__Output {
  'receipts': (_cairn_v1_Receipt__Output)[];
}
