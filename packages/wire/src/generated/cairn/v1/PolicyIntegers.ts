// Original file: proto/cairn/v1/release.proto


export interface PolicyIntegers {
  'k'?: (number);
  'base'?: (number);
  'midpoint'?: (number);
}

export interface PolicyIntegers__Output {
  'k': (number);
  'base': (number);
  'midpoint': (number);
}
