/** The functions of R that are used here, with types: those that `lib-r-math.js` declares name modules that it lacks. */
import { createRequire } from "node:module";

interface R {
  readonly qchisq: (p: number, degrees: number) => number;
  readonly qbinom: (p: number, size: number, probability: number) => number;
  readonly lgamma: (x: number) => number;
  readonly digamma: (x: number) => number;
  readonly trigamma: (x: number) => number;
}

const require = createRequire(import.meta.url);
let loaded: R | undefined;

/** Loads the library at its first use, which takes a tenth of a second: a process that needs none of it starts without. */
function library(): R {
  return (loaded ??= require("lib-r-math.js") as R);
}

export const qchisq: R["qchisq"] = (p, degrees) => library().qchisq(p, degrees);
export const qbinom: R["qbinom"] = (p, size, probability) => library().qbinom(p, size, probability);
export const lgamma: R["lgamma"] = (x) => library().lgamma(x);
export const digamma: R["digamma"] = (x) => library().digamma(x);
export const trigamma: R["trigamma"] = (x) => library().trigamma(x);
