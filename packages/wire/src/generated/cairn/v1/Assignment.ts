// Original file: proto/cairn/v1/keeper.proto

import type { PolicyIntegers as _cairn_v1_PolicyIntegers, PolicyIntegers__Output as _cairn_v1_PolicyIntegers__Output } from '../../cairn/v1/PolicyIntegers.js';

export interface Assignment {
  'run'?: (string);
  'group'?: (string);
  'query'?: (string);
  'queryVersion'?: (string);
  'queryDigest'?: (Buffer | Uint8Array | string);
  'referenceDate'?: (string);
  'floor'?: (_cairn_v1_PolicyIntegers | null);
  'cells'?: (number);
  'charterDigest'?: (Buffer | Uint8Array | string);
}

export interface Assignment__Output {
  'run': (string);
  'group': (string);
  'query': (string);
  'queryVersion': (string);
  'queryDigest': (Buffer);
  'referenceDate': (string);
  'floor': (_cairn_v1_PolicyIntegers__Output | null);
  'cells': (number);
  'charterDigest': (Buffer);
}
