// Original file: proto/cairn/v1/keeper.proto


export interface DescribeRequest {
}

export interface DescribeRequest__Output {
}
