// Original file: proto/cairn/v1/keeper.proto


export interface Refusal {
  'code'?: (string);
  'words'?: (string);
}

export interface Refusal__Output {
  'code': (string);
  'words': (string);
}
