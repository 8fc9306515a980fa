// Original file: proto/cairn/v1/hub.proto

import type { EnrolState as _cairn_v1_EnrolState, EnrolState__Output as _cairn_v1_EnrolState__Output } from '../../cairn/v1/EnrolState.js';

export interface EnrolReply {
  'state'?: (_cairn_v1_EnrolState);
  'practice'?: (string);
  'fingerprint'?: (string);
  'certificate'?: (Buffer | Uint8Array | string);
  'caBundle'?: (Buffer | Uint8Array | string);
  'libraryRoot'?: (Buffer | Uint8Array | string);
  'hubLogKey'?: (Buffer | Uint8Array | string);
  'generation'?: (number);
  'answeredBefore'?: (boolean);
}

export interface EnrolReply__Output {
  'state': (_cairn_v1_EnrolState__Output);
  'practice': (string);
  'fingerprint': (string);
  'certificate': (Buffer);
  'caBundle': (Buffer);
  'libraryRoot': (Buffer);
  'hubLogKey': (Buffer);
  'generation': (number);
  'answeredBefore': (boolean);
}
