/** The comparisons of `demo --once --json`, as the stable face describes them. */
export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface PracticeLine {
  readonly practice: string;
  readonly state: string;
  readonly numerator?: Figure | "withheld";
  readonly denominator?: Figure | "withheld";
}

export interface Comparison {
  readonly query: string;
  readonly date: string;
  readonly split: Readonly<Record<string, string>>;
  readonly practices: readonly PracticeLine[];
  readonly group: {
    readonly numerator?: Figure;
    readonly denominator?: Figure;
    readonly contributors: number;
  };
}
