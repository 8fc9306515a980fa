export { codeMap } from "./code-map.js";
export { deprivationTable } from "./postcodes.js";
export { FORMATS } from "./formats/index.js";
export type { FormatName } from "./formats/index.js";
export { SyntheticError, writePractice } from "./practice.js";
export type { PracticeOptions, PracticeSummary } from "./practice.js";
export { PRACTICES, profileOf } from "./profile.js";
export type { Profile, Theme } from "./profile.js";
