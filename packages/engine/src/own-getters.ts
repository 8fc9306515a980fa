/**
 * Turns a class's getters into properties of each object, so that an object can be spread and sent to another process
 * with the values that are computed on access. One descriptor serves all: a literal with getters costs ten times as
 * much.
 */
export function gettersOf(prototype: object): PropertyDescriptorMap {
  const all = Object.entries(Object.getOwnPropertyDescriptors(prototype));
  return Object.fromEntries(
    all
      .filter(([, { get }]) => get !== undefined)
      .map(([name, each]) => [name, { ...each, enumerable: true }]),
  );
}

export function ownGetters(object: object, getters: PropertyDescriptorMap): void {
  for (const name in getters) Object.defineProperty(object, name, getters[name] as PropertyDescriptor);
}
