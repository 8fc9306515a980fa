// Original file: proto/cairn/v1/hub.proto


export interface RenewReply {
  'certificate'?: (Buffer | Uint8Array | string);
  'caBundle'?: (Buffer | Uint8Array | string);
  'generation'?: (number);
}

export interface RenewReply__Output {
  'certificate': (Buffer);
  'caBundle': (Buffer);
  'generation': (number);
}
