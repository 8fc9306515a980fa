// Original file: proto/cairn/v1/hub.proto

import type { Receipt as _cairn_v1_Receipt, Receipt__Output as _cairn_v1_Receipt__Output } from '../../cairn/v1/Receipt.js';
import type { RunRefusal as _cairn_v1_RunRefusal, RunRefusal__Output as _cairn_v1_RunRefusal__Output } from '../../cairn/v1/RunRefusal.js';
import type { ConsentReceipt as _cairn_v1_ConsentReceipt, ConsentReceipt__Output as _cairn_v1_ConsentReceipt__Output } from '../../cairn/v1/ConsentReceipt.js';
import type { Refusal as _cairn_v1_Refusal, Refusal__Output as _cairn_v1_Refusal__Output } from '../../cairn/v1/Refusal.js';

export interface ReportReply {
  'receipts'?: (_cairn_v1_Receipt)[];
  'holdsMore'?: (boolean);
  'refusals'?: (_cairn_v1_RunRefusal)[];
  'consents'?: (_cairn_v1_ConsentReceipt)[];
  'consentRefusals'?: (_cairn_v1_Refusal)[];
}

export interface ReportReply__Output {
  'receipts': (_cairn_v1_Receipt__Output)[];
  'holdsMore': (boolean);
  'refusals': (_cairn_v1_RunRefusal__Output)[];
  'consents': (_cairn_v1_ConsentReceipt__Output)[];
  'consentRefusals': (_cairn_v1_Refusal__Output)[];
}
