// Original file: proto/cairn/v1/keeper.proto


export interface DecidedCharters {
  'digests'?: (Buffer | Uint8Array | string)[];
}

export interface DecidedCharters__Output {
  'digests': (Buffer)[];
}
