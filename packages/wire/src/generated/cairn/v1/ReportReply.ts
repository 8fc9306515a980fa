// Original file: proto/cairn/v1/hub.proto


export interface ReportReply {
}

export interface ReportReply__Output {
}
