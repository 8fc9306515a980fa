// Original file: proto/cairn/v1/hub.proto

import type { Long } from '@grpc/proto-loader';

export interface WitnessRequest {
  'seenSize'?: (number | string | Long);
  'cosigned'?: (string);
}

export interface WitnessRequest__Output {
  'seenSize': (number);
  'cosigned': (string);
}
