/**
 * The location of the library's files, relative to this module: `src/` and `dist/` stand side by side. Reads nothing.
 */
export const LIBRARY_LOCATION: string = new URL("../library/", import.meta.url).href;
