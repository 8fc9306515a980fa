// Original file: proto/cairn/v1/hub.proto

import type { Long } from '@grpc/proto-loader';

export interface FetchLibraryRequest {
  'version'?: (string);
  'offset'?: (number | string | Long);
  'held'?: (Buffer | Uint8Array | string)[];
}

export interface FetchLibraryRequest__Output {
  'version': (string);
  'offset': (number);
  'held': (Buffer)[];
}
