// Original file: proto/cairn/v1/release.proto

export const RecordBasis = {
  RECORD_BASIS_REGISTRATIONS: 'RECORD_BASIS_REGISTRATIONS',
  RECORD_BASIS_BIRTH: 'RECORD_BASIS_BIRTH',
  RECORD_BASIS_FIRST_RECORD: 'RECORD_BASIS_FIRST_RECORD',
} as const;

export type RecordBasis =
  | 'RECORD_BASIS_REGISTRATIONS'
  | 0
  | 'RECORD_BASIS_BIRTH'
  | 1
  | 'RECORD_BASIS_FIRST_RECORD'
  | 2

export type RecordBasis__Output = typeof RecordBasis[keyof typeof RecordBasis]
