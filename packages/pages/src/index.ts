export { isLoopback, LOOPBACK_NAMES, notAnswered, underOwnNames, type Asked } from "./own-names.js";
