export * from "./query.js";
export * from "./calendar.js";
export * from "./canonical.js";
export * from "./cells.js";
export * from "./labels.js";
export { monthsLookedAt } from "./months.js";
export { hasIndependentDates, isApart, lookBackMonths, monthsBetween } from "./look-back.js";
export * from "./needs.js";
export * from "./population.js";
export * from "./problem.js";
export { parseCodelist, type CodelistNotes, type ParsedCodelist } from "./codelist.js";
export {
  canonicalForm,
  parseQuery,
  queryDigest,
  type ParsedQuery,
  type ParseOptions,
} from "./parse-query.js";
export { BUDGET } from "./check/budget.js";
export { parseRegister, type ParsedRegister } from "./register.js";
export { NOBODY_YET, STANDARD_BANDS } from "./parse/head.js";
export { isReadable } from "./readable.js";
export { reviewWords, reviewsOf, type Reviews } from "./review.js";
export * from "./library.js";
export * from "./opt-outs.js";
export * from "./content.js";
export { conditionsInWords, explain, type Explanation, type Rule, type Section } from "./explain/index.js";
export { leftOutWords, peopleWords } from "./explain/people.js";
export { spanWords, type Phrase } from "./explain/phrases.js";
export { stepsOf, type QueryStep } from "./explain/steps.js";
export { explanationMarkdown, explanationText } from "./explain/render.js";
export { diff, type Change } from "./diff.js";
export {
  parseExamples,
  type Example,
  type ExampleEvent,
  type ExamplePatient,
  type ExpectedAnswer,
  type ParsedExamples,
} from "./examples.js";
export { UNIT_NAMES, unitName } from "./units.js";
export { FORM_NAMES, querySchema, registerSchema } from "./schema.js";
export { toMeasure, type FhirResource } from "./fhir.js";
