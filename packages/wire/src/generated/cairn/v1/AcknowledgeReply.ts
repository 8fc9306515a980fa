// Original file: proto/cairn/v1/keeper.proto


export interface AcknowledgeReply {
  'runs'?: (string)[];
}

export interface AcknowledgeReply__Output {
  'runs': (string)[];
}
