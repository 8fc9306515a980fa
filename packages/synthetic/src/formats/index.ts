/** The formats that records can be written in. */
import type { OpenFormat } from "./format.js";
import { openJournal } from "./journal.js";

export const FORMATS = { journal: openJournal } as const satisfies Record<string, OpenFormat>;
export type FormatName = keyof typeof FORMATS;
