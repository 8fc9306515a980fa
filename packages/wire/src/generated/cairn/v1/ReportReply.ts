// Original file: proto/cairn/v1/hub.proto

import type { Receipt as _cairn_v1_Receipt, Receipt__Output as _cairn_v1_Receipt__Output } from '../../cairn/v1/Receipt.js';
import type { RunRefusal as _cairn_v1_RunRefusal, RunRefusal__Output as _cairn_v1_RunRefusal__Output } from '../../cairn/v1/RunRefusal.js';

export interface ReportReply {
  'receipts'?: (_cairn_v1_Receipt)[];
  'holdsMore'?: (boolean);
  'refusals'?: (_cairn_v1_RunRefusal)[];
}

export interface ReportReply__Output {
  'receipts': (_cairn_v1_Receipt__Output)[];
  'holdsMore': (boolean);
  'refusals': (_cairn_v1_RunRefusal__Output)[];
}
