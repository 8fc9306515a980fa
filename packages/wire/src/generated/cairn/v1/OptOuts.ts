// Original file: proto/cairn/v1/release.proto

export const OptOuts = {
  OPT_OUTS_COUNTED: 'OPT_OUTS_COUNTED',
  OPT_OUTS_LEFT_OUT: 'OPT_OUTS_LEFT_OUT',
  OPT_OUTS_COUNTED_BY_CHOICE: 'OPT_OUTS_COUNTED_BY_CHOICE',
} as const;

export type OptOuts =
  | 'OPT_OUTS_COUNTED'
  | 0
  | 'OPT_OUTS_LEFT_OUT'
  | 1
  | 'OPT_OUTS_COUNTED_BY_CHOICE'
  | 2

export type OptOuts__Output = typeof OptOuts[keyof typeof OptOuts]
