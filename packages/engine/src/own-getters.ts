/**
 * Getters of a class as properties of each object, so that an object can be spread and sent to another process with
 * what it works out when read. One descriptor serves them all: a literal with getters costs ten times as much.
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
