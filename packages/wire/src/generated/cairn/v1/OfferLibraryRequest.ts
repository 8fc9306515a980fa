// Original file: proto/cairn/v1/keeper.proto


export interface OfferLibraryRequest {
  'bundle'?: (Buffer | Uint8Array | string);
  'rootDigest'?: (Buffer | Uint8Array | string);
}

export interface OfferLibraryRequest__Output {
  'bundle': (Buffer);
  'rootDigest': (Buffer);
}
