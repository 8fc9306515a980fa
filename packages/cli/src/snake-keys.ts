/**
 * Every key of an object, at any depth, in snake_case: what scripts read has one spelling, whatever the type in the code.
 * Keys that are data stay: those of a `Map`, and those that are no name of ours (a month, a code with a dash).
 */
export function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (value === null || typeof value !== "object" || "toJSON" in value) return value;
  if (value instanceof Map)
    return Object.fromEntries(
      [...(value as Map<string, unknown>)].map(([key, each]) => [key, snakeKeys(each)]),
    );
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [snake(key), snakeKeys(each)]));
}

function snake(key: string): string {
  return /^[a-z][a-zA-Z0-9]*$/.test(key)
    ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    : key;
}
