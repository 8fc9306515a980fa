/** One thing that the operator can do next. */
export interface NextStep {
  readonly what: string;
  /** Arguments of `cairn`; absent where the practice has to do it. */
  readonly command?: readonly string[];
}
