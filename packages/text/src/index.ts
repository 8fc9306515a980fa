export { lasting, longDate, longMoment, longMonth, minute, monthsLong, shortMonth } from "./dates.js";
export { wrap } from "./lines.js";
export { html, type Markup, svg, textOf } from "./markup.js";
export { count, countRange, percent, percentRange, pointsRange, type Range } from "./numbers.js";
