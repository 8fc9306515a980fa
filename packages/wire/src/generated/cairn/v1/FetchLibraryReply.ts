// Original file: proto/cairn/v1/hub.proto

import type { Long } from '@grpc/proto-loader';

export interface FetchLibraryReply {
  'version'?: (string);
  'chunk'?: (Buffer | Uint8Array | string);
  'size'?: (number | string | Long);
  'digest'?: (Buffer | Uint8Array | string);
}

export interface FetchLibraryReply__Output {
  'version': (string);
  'chunk': (Buffer);
  'size': (number);
  'digest': (Buffer);
}
