import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Consent as _cairn_v1_Consent, Consent__Output as _cairn_v1_Consent__Output } from './cairn/v1/Consent.js';
import type { PolicyIntegers as _cairn_v1_PolicyIntegers, PolicyIntegers__Output as _cairn_v1_PolicyIntegers__Output } from './cairn/v1/PolicyIntegers.js';
import type { Release as _cairn_v1_Release, Release__Output as _cairn_v1_Release__Output } from './cairn/v1/Release.js';
import type { SignedRelease as _cairn_v1_SignedRelease, SignedRelease__Output as _cairn_v1_SignedRelease__Output } from './cairn/v1/SignedRelease.js';
import type { Use as _cairn_v1_Use, Use__Output as _cairn_v1_Use__Output } from './cairn/v1/Use.js';
import type { Withdrawal as _cairn_v1_Withdrawal, Withdrawal__Output as _cairn_v1_Withdrawal__Output } from './cairn/v1/Withdrawal.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  cairn: {
    v1: {
      Consent: MessageTypeDefinition<_cairn_v1_Consent, _cairn_v1_Consent__Output>
      OptOuts: EnumTypeDefinition
      PolicyIntegers: MessageTypeDefinition<_cairn_v1_PolicyIntegers, _cairn_v1_PolicyIntegers__Output>
      RecordBasis: EnumTypeDefinition
      Release: MessageTypeDefinition<_cairn_v1_Release, _cairn_v1_Release__Output>
      SignedRelease: MessageTypeDefinition<_cairn_v1_SignedRelease, _cairn_v1_SignedRelease__Output>
      Use: MessageTypeDefinition<_cairn_v1_Use, _cairn_v1_Use__Output>
      Withdrawal: MessageTypeDefinition<_cairn_v1_Withdrawal, _cairn_v1_Withdrawal__Output>
    }
  }
}

