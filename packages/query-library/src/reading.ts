/** How an authored YAML file is read, value by value and with every problem's line; for files that are no query. */
export { knownKeys, oneOf, pattern, severalOf, text, whole, type Kind, type Reading } from "./parse/kinds.js";
export { Problems, suggest, type Problem } from "./problem.js";
export { readYaml, type Entry, type MapNode, type Node } from "./yaml.js";
