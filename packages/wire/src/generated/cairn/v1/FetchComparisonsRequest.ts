// Original file: proto/cairn/v1/hub.proto

import type { Long } from '@grpc/proto-loader';

export interface FetchComparisonsRequest {
  'from'?: (number | string | Long);
  'seenSize'?: (number | string | Long);
}

export interface FetchComparisonsRequest__Output {
  'from': (number);
  'seenSize': (number);
}
