/** The functions of R that are used here, with types: those that `lib-r-math.js` declares name modules that it lacks. */
import * as library from "lib-r-math.js";

const R = library as unknown as {
  readonly qchisq: (p: number, degrees: number) => number;
  readonly qbinom: (p: number, size: number, probability: number) => number;
  readonly lgamma: (x: number) => number;
  readonly digamma: (x: number) => number;
  readonly trigamma: (x: number) => number;
};

export const { qchisq, qbinom, lgamma, digamma, trigamma } = R;
