// Original file: proto/cairn/v1/hub.proto

import type { Long } from '@grpc/proto-loader';

export interface GiveBackRequest {
  'after'?: (number | string | Long);
}

export interface GiveBackRequest__Output {
  'after': (number);
}
