/** Options of the commands of people who sign. */

/** The folder that the people who sign share. */
export const DIR = ["--dir <dir>", "the library's folder", "cairn-library"] as const;
export const JSON_FLAG = ["--json", "print JSON"] as const;
export const PASSPHRASE_FILE = [
  "--passphrase-file <file>",
  "a file whose first line is the passphrase, for scripts; it is asked for at a terminal where absent",
] as const;
