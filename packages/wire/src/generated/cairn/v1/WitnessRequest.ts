// Original file: proto/cairn/v1/hub.proto

import type { Long } from '@grpc/proto-loader';

export interface WitnessRequest {
  'seenSize'?: (number | string | Long);
  'cosigned'?: (string);
  'unproved'?: (number | string | Long)[];
  'unprovedLibrary'?: (string);
}

export interface WitnessRequest__Output {
  'seenSize': (number);
  'cosigned': (string);
  'unproved': (number)[];
  'unprovedLibrary': (string);
}
