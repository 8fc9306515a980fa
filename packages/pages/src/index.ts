export { isLoopback, LOOPBACK_NAMES, notAnswered, underOwnNames, type PageRequest } from "./own-names.js";
export { html, type Html, textOf } from "./html.js";
