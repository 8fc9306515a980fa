/** The other side did not answer: not reachable, too slow, or gone in mid call. The outcome is unknown. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
  readonly code: "unavailable" | "deadline" | "cancelled" | "broken";
  readonly exit = 4;
  constructor(code: Unreachable["code"], words: string, options?: ErrorOptions) {
    super(words, options);
    this.code = code;
  }
}
