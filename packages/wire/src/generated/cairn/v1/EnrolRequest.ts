// Original file: proto/cairn/v1/hub.proto

import type { Long } from '@grpc/proto-loader';

export interface EnrolRequest {
  'joinCode'?: (string);
  'csr'?: (Buffer | Uint8Array | string);
  'keeperKey'?: (Buffer | Uint8Array | string);
  'instance'?: (string);
  'agentVersion'?: (string);
  'sentAt'?: (number | string | Long);
}

export interface EnrolRequest__Output {
  'joinCode': (string);
  'csr': (Buffer);
  'keeperKey': (Buffer);
  'instance': (string);
  'agentVersion': (string);
  'sentAt': (number);
}
