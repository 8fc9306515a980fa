// Original file: proto/cairn/v1/keeper.proto


export interface Comparison {
  'document'?: (Buffer | Uint8Array | string);
  'signature'?: (Buffer | Uint8Array | string);
  'entry'?: (string);
  'inclusion'?: (Buffer | Uint8Array | string)[];
  'closing'?: (string);
  'closingInclusion'?: (Buffer | Uint8Array | string)[];
}

export interface Comparison__Output {
  'document': (Buffer);
  'signature': (Buffer);
  'entry': (string);
  'inclusion': (Buffer)[];
  'closing': (string);
  'closingInclusion': (Buffer)[];
}
