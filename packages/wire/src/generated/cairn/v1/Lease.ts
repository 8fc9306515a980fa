// Original file: proto/cairn/v1/keeper.proto


export interface Lease {
  'run'?: (string);
  'attempt'?: (number);
  'seconds'?: (number);
}

export interface Lease__Output {
  'run': (string);
  'attempt': (number);
  'seconds': (number);
}
