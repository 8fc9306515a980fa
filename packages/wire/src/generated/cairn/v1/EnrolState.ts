// Original file: proto/cairn/v1/hub.proto

export const EnrolState = {
  ENROL_STATE_UNKNOWN: 'ENROL_STATE_UNKNOWN',
  ENROL_STATE_AWAITING_ADMISSION: 'ENROL_STATE_AWAITING_ADMISSION',
  ENROL_STATE_ADMITTED: 'ENROL_STATE_ADMITTED',
} as const;

export type EnrolState =
  | 'ENROL_STATE_UNKNOWN'
  | 0
  | 'ENROL_STATE_AWAITING_ADMISSION'
  | 1
  | 'ENROL_STATE_ADMITTED'
  | 2

export type EnrolState__Output = typeof EnrolState[keyof typeof EnrolState]
