/**
 * Reads one element of an array or typed array.
 *
 * @throws {RangeError} where the array has no such index: a default there would be a wrong count
 */
export function at<T>(array: { readonly [index: number]: T; readonly length: number }, index: number): T {
  const value = array[index];
  if (value === undefined) throw new RangeError(`no element ${index} of ${array.length}`);
  return value;
}
