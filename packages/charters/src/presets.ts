/** Where the presets lie: the URL of their folder, ending with `/`. Reads nothing. */
export const PRESETS_LOCATION = new URL("../presets/", import.meta.url).href;
