// Original file: proto/cairn/v1/keeper.proto

import type { Receipt as _cairn_v1_Receipt, Receipt__Output as _cairn_v1_Receipt__Output } from '../../cairn/v1/Receipt.js';
import type { ConsentReceipt as _cairn_v1_ConsentReceipt, ConsentReceipt__Output as _cairn_v1_ConsentReceipt__Output } from '../../cairn/v1/ConsentReceipt.js';

export interface AcknowledgeRequest {
  'receipts'?: (_cairn_v1_Receipt)[];
  'consents'?: (_cairn_v1_ConsentReceipt)[];
}

export interface AcknowledgeRequest__Output {
  'receipts': (_cairn_v1_Receipt__Output)[];
  'consents': (_cairn_v1_ConsentReceipt__Output)[];
}
