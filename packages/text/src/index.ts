export { csvOf } from "./csv.js";
export {
  lasting,
  longDate,
  longMoment,
  longMonth,
  minute,
  monthsLong,
  shortDate,
  shortMonth,
} from "./dates.js";
export { wrap } from "./lines.js";
export { forWhom, html, type Markup, type Need, svg, textOf } from "./markup.js";
export { count, countRange, percent, percentRange, pointsRange, ratioRange, type Range } from "./numbers.js";
export { shellWord } from "./shell-word.js";
