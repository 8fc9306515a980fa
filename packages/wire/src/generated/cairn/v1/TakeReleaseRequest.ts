// Original file: proto/cairn/v1/keeper.proto


export interface TakeReleaseRequest {
  'run'?: (string);
}

export interface TakeReleaseRequest__Output {
  'run': (string);
}
