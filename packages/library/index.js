/** Where the content lies: the URL of its folder, ending with `/`. Reads nothing. */
export const LIBRARY_LOCATION = new URL("content/", import.meta.url).href;
