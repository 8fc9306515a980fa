// Original file: proto/cairn/v1/release.proto


export interface Release {
  'denominator'?: (number)[];
  'numerator'?: (number)[];
  'carried'?: (number)[];
}

export interface Release__Output {
  'denominator': (number)[];
  'numerator': (number)[];
  'carried': (number)[];
}
