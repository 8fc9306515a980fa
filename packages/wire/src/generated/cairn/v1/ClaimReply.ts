// Original file: proto/cairn/v1/hub.proto

import type { Lease as _cairn_v1_Lease, Lease__Output as _cairn_v1_Lease__Output } from '../../cairn/v1/Lease.js';
import type { RunRefusal as _cairn_v1_RunRefusal, RunRefusal__Output as _cairn_v1_RunRefusal__Output } from '../../cairn/v1/RunRefusal.js';

export interface ClaimReply {
  'leases'?: (_cairn_v1_Lease)[];
  'refusals'?: (_cairn_v1_RunRefusal)[];
}

export interface ClaimReply__Output {
  'leases': (_cairn_v1_Lease__Output)[];
  'refusals': (_cairn_v1_RunRefusal__Output)[];
}
