// Original file: proto/cairn/v1/keeper.proto

import type { Long } from '@grpc/proto-loader';

export interface LinkNote {
  'hub'?: (string);
  'heard'?: (number | string | Long);
  'state'?: (string);
  'problem'?: (string);
  'since'?: (number | string | Long);
  'fingerprint'?: (string);
  'offlineAfterSeconds'?: (number);
  'sentAt'?: (number | string | Long);
  'hubClock'?: (number | string | Long);
}

export interface LinkNote__Output {
  'hub': (string);
  'heard': (number);
  'state': (string);
  'problem': (string);
  'since': (number);
  'fingerprint': (string);
  'offlineAfterSeconds': (number);
  'sentAt': (number);
  'hubClock': (number);
}
