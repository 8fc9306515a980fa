/** Where the content lies: the URL of its folder, ending with `/`. Reads nothing. */
export declare const LIBRARY_LOCATION: string;
