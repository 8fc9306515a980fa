/** Arithmetic modulo a prime below 2^26: a product is below 2^52 and exact as a double. */

/** The largest two primes below 2^26. */
export const PRIMES = [67_108_859, 67_108_837] as const;

export function modulo(x: number, prime: number): number {
  const rest = x - Math.floor(x / prime) * prime;
  return rest < 0 ? rest + prime : rest >= prime ? rest - prime : rest;
}

/** 1 / x by Fermat's little theorem; x is not 0. */
export function inverse(x: number, prime: number): number {
  let result = 1;
  let square = modulo(x, prime);
  for (let power = prime - 2; power > 0; power = Math.floor(power / 2)) {
    if (power % 2 === 1) result = modulo(result * square, prime);
    square = modulo(square * square, prime);
  }
  return result;
}

/** Numbers in 1..prime-1, the same at every run (xorshift32, Marsaglia 2003): decisions do not depend on luck. */
export function spread(length: number, seed: number, prime: number): Float64Array {
  let state = seed | 0 || 1;
  return Float64Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return 1 + modulo(state >>> 0, prime - 1);
  });
}
