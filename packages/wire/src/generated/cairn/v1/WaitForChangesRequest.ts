// Original file: proto/cairn/v1/keeper.proto

import type { Long } from '@grpc/proto-loader';

export interface WaitForChangesRequest {
  'since'?: (number | string | Long);
  'holdSeconds'?: (number);
}

export interface WaitForChangesRequest__Output {
  'since': (number);
  'holdSeconds': (number);
}
