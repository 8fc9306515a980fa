import type { ErrorKind } from "@cairn/errors";

/** The number with which a command ends for each kind of error; 0 where it did what it was asked for. */
export const EXIT = {
  "does-not-hold": 1,
  "wrong-use": 2,
  refused: 3,
  unavailable: 4,
} as const satisfies Record<ErrorKind, number>;

/** After an error that nobody foresaw. */
export const EXIT_UNFORESEEN = 1;
