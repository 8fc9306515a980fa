/**
 * The guards that are in force. The package decides with all of them; only the attacks, by relative import, leave one
 * out.
 */
export interface Guards {
  readonly g0: boolean;
  readonly g1: boolean;
  readonly g2: boolean;
  readonly g3: boolean;
  readonly g4: boolean;
  readonly g5: boolean;
}

export const ALL_GUARDS: Guards = Object.freeze({
  g0: true,
  g1: true,
  g2: true,
  g3: true,
  g4: true,
  g5: true,
});
