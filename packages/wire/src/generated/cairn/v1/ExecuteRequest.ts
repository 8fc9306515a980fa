// Original file: proto/cairn/v1/keeper.proto

import type { Lease as _cairn_v1_Lease, Lease__Output as _cairn_v1_Lease__Output } from '../../cairn/v1/Lease.js';

export interface ExecuteRequest {
  'leases'?: (_cairn_v1_Lease)[];
}

export interface ExecuteRequest__Output {
  'leases': (_cairn_v1_Lease__Output)[];
}
