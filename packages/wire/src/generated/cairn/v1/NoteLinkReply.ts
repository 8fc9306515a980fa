// Original file: proto/cairn/v1/keeper.proto


export interface NoteLinkReply {
}

export interface NoteLinkReply__Output {
}
