/**
 * The slow engine: the specification of the query language as a program, one patient and one reference date at a time.
 * It is here to be read and to be agreed with, never to be quick. Its files follow the chapters of SPECIFICATION.md:
 *
 *   days.ts        dates, spans and windows
 *   person.ts      the base population, age, and the other facts of a person
 *   opt-outs.ts    who opted out
 *   events.ts      which events a list finds, and in which window
 *   readings.ts    which number a reading has in the asked unit (UNITS.md)
 *   limits.ts      whether a reading keeps a limit, breaks it, or leaves it open
 *   facts.ts       one function for each form of fact
 *   conditions.ts  one function for each form of condition
 *   asked.ts       who is asked what, and when
 *   sums.ts        items, quantities and events in place of people
 *   cells.ts       which cell of each split
 *   answer-one.ts  all of it, for one patient
 *   answer-slowly.ts  all of it, for all patients
 *   steps.ts       how many people each step leaves
 *   deciding.ts    what decided about one patient, to be read beside the record
 */
export { answerOne, type SlowAnswer, type SlowShare } from "./answer-one.js";
export type { PatientContext } from "./asked.js";
export { decidingFacts, type DecidingFact } from "./deciding.js";
export { ageAt } from "./person.js";
export { answerSlowly, type SlowTable } from "./answer-slowly.js";
export { stepsLeftSlowly } from "./steps.js";
