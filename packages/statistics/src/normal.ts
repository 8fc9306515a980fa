/** The share of cases in which limits hold the true value: 0.95 for an interval, 0.998 for a limit that raises a question. */
export type Level = 0.95 | 0.998;

/** R: qnorm(0.975), qnorm(0.999). */
const Z: Readonly<Record<Level, number>> = { 0.95: 1.959963984540054, 0.998: 3.090232306167813 };

/** Returns the two-sided standard normal quantile of a level: 1.959963984540054 or 3.090232306167813. */
export function z(level: Level): number {
  return Z[level];
}

/** Returns the probability of each tail outside limits of a level. */
export function tail(level: Level): number {
  return (1 - level) / 2;
}
