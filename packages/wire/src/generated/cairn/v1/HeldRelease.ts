// Original file: proto/cairn/v1/keeper.proto

import type { Assignment as _cairn_v1_Assignment, Assignment__Output as _cairn_v1_Assignment__Output } from '../../cairn/v1/Assignment.js';
import type { SignedRelease as _cairn_v1_SignedRelease, SignedRelease__Output as _cairn_v1_SignedRelease__Output } from '../../cairn/v1/SignedRelease.js';
import type { Withdrawal as _cairn_v1_Withdrawal, Withdrawal__Output as _cairn_v1_Withdrawal__Output } from '../../cairn/v1/Withdrawal.js';
import type { Use as _cairn_v1_Use, Use__Output as _cairn_v1_Use__Output } from '../../cairn/v1/Use.js';

export interface HeldRelease {
  'assignment'?: (_cairn_v1_Assignment | null);
  'release'?: (_cairn_v1_SignedRelease | null);
  'withdrawal'?: (_cairn_v1_Withdrawal | null);
  'uses'?: (_cairn_v1_Use)[];
}

export interface HeldRelease__Output {
  'assignment': (_cairn_v1_Assignment__Output | null);
  'release': (_cairn_v1_SignedRelease__Output | null);
  'withdrawal': (_cairn_v1_Withdrawal__Output | null);
  'uses': (_cairn_v1_Use__Output)[];
}
