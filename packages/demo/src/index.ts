export * from "./board.js";
export * from "./picture.js";
export * from "./queries.js";
export * from "./story.js";
export * from "./titles.js";
