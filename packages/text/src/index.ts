export { lasting, longDate, longMoment, minute, shortMonth } from "./dates.js";
export { wrap } from "./lines.js";
export { html, type Markup, svg, textOf } from "./markup.js";
export { count, countRange, percent, percentRange, type Range } from "./numbers.js";
