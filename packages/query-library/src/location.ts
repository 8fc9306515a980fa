/** Where the library's files lie, relative to this module: `src/` and `dist/` stand side by side. Reads nothing. */
export const LIBRARY_LOCATION: string = new URL("../library/", import.meta.url).href;
