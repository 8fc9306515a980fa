export { strip, type Strip, type StripInput } from "./strip.js";
