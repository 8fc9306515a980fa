// Original file: proto/cairn/v1/keeper.proto

import type { Consent as _cairn_v1_Consent, Consent__Output as _cairn_v1_Consent__Output } from '../../cairn/v1/Consent.js';
import type { DecidedCharters as _cairn_v1_DecidedCharters, DecidedCharters__Output as _cairn_v1_DecidedCharters__Output } from '../../cairn/v1/DecidedCharters.js';
import type { Long } from '@grpc/proto-loader';

export interface KeeperState {
  'keeperKey'?: (Buffer | Uint8Array | string);
  'libraryVersion'?: (string);
  'libraryDigest'?: (Buffer | Uint8Array | string);
  'coversTo'?: (string);
  'paused'?: (boolean);
  'change'?: (number | string | Long);
  'network'?: (string);
  'witnessedSize'?: (number | string | Long);
  'historyMissing'?: (boolean);
  'receiptsTo'?: (number | string | Long);
  'comparisonsFrom'?: (number | string | Long);
  'libraryEdition'?: (string);
  'libraryHeld'?: (Buffer | Uint8Array | string)[];
  'unproved'?: (number | string | Long)[];
  'unprovedLibrary'?: (string);
  'consents'?: (_cairn_v1_Consent)[];
  'decidedCharters'?: (_cairn_v1_DecidedCharters | null);
}

export interface KeeperState__Output {
  'keeperKey': (Buffer);
  'libraryVersion': (string);
  'libraryDigest': (Buffer);
  'coversTo': (string);
  'paused': (boolean);
  'change': (number);
  'network': (string);
  'witnessedSize': (number);
  'historyMissing': (boolean);
  'receiptsTo': (number);
  'comparisonsFrom': (number);
  'libraryEdition': (string);
  'libraryHeld': (Buffer)[];
  'unproved': (number)[];
  'unprovedLibrary': (string);
  'consents': (_cairn_v1_Consent__Output)[];
  'decidedCharters': (_cairn_v1_DecidedCharters__Output | null);
}
