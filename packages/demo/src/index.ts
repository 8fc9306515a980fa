export * from "./audit.js";
export * from "./board.js";
export * from "./federation.js";
export * from "./picture.js";
export * from "./processes.js";
export * from "./queries.js";
export * from "./story.js";
export * from "./titles.js";
export { hubEyes, lookLines, practiceEyes, type LookLink } from "./eyes.js";
