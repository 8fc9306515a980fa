export * from "./charter-file.js";
export * from "./query-file.js";
export * from "./register-file.js";
export * from "./preflight.js";
export * from "./preflight-text.js";
