import { COMMA_UTF8, type CsvFormat } from "../csv.js";

/**
 * The layout of CDM tables. Athena gives its vocabulary out with tabs and without quotes, under the name of a CSV.
 */
export const CDM: CsvFormat = { ...COMMA_UTF8, orTabs: true, bareQuotes: true };
