// Original file: proto/cairn/v1/release.proto

import type { PolicyIntegers as _cairn_v1_PolicyIntegers, PolicyIntegers__Output as _cairn_v1_PolicyIntegers__Output } from '../../cairn/v1/PolicyIntegers.js';
import type { RecordBasis as _cairn_v1_RecordBasis, RecordBasis__Output as _cairn_v1_RecordBasis__Output } from '../../cairn/v1/RecordBasis.js';
import type { OptOuts as _cairn_v1_OptOuts, OptOuts__Output as _cairn_v1_OptOuts__Output } from '../../cairn/v1/OptOuts.js';
import type { Long } from '@grpc/proto-loader';

export interface SignedRelease {
  'run'?: (string);
  'release'?: (Buffer | Uint8Array | string);
  'queryDigest'?: (Buffer | Uint8Array | string);
  'libraryDigest'?: (Buffer | Uint8Array | string);
  'referenceDate'?: (string);
  'policy'?: (_cairn_v1_PolicyIntegers | null);
  'logIndex'?: (number | string | Long);
  'logSize'?: (number | string | Long);
  'logRoot'?: (Buffer | Uint8Array | string);
  'signature'?: (Buffer | Uint8Array | string);
  'recordBasis'?: (_cairn_v1_RecordBasis);
  'correction'?: (number);
  'optOuts'?: (_cairn_v1_OptOuts);
}

export interface SignedRelease__Output {
  'run': (string);
  'release': (Buffer);
  'queryDigest': (Buffer);
  'libraryDigest': (Buffer);
  'referenceDate': (string);
  'policy': (_cairn_v1_PolicyIntegers__Output | null);
  'logIndex': (number);
  'logSize': (number);
  'logRoot': (Buffer);
  'signature': (Buffer);
  'recordBasis': (_cairn_v1_RecordBasis__Output);
  'correction': (number);
  'optOuts': (_cairn_v1_OptOuts__Output);
}
