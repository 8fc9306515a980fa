// Original file: proto/cairn/v1/hub.proto


export interface ClaimRequest {
  'runs'?: (string)[];
  'idempotencyKey'?: (string);
}

export interface ClaimRequest__Output {
  'runs': (string)[];
  'idempotencyKey': (string);
}
