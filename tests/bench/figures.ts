/** What was measured, beside what was to be reached. */
export interface Figure {
  readonly work: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number | null; // at most this; null where the figure is only for comparing
  readonly peer: string | null; // what it is compared with
  readonly ratio: number | null; // this over the peer
  readonly met: boolean | null;
}

/** A figure that should be at most its target. */
export function atMost(work: string, value: number, unit: string, target: number): Figure {
  return { work, value: round(value), unit, target, peer: null, ratio: null, met: value <= target };
}

/** A figure that is there to be compared with. */
export function reference(work: string, value: number, unit: string): Figure {
  return { work, value: round(value), unit, target: null, peer: null, ratio: null, met: null };
}

/** A figure that should be at most so many times its peer's. */
export function timesPeer(
  work: string,
  value: number,
  unit: string,
  peer: string,
  ofPeer: number,
  most: number,
): Figure {
  const ratio = value / ofPeer;
  return { work, value: round(value), unit, target: most, peer, ratio: round(ratio), met: ratio <= most };
}

/** A figure that should be so many times less than its peer's; `least` null where that is only for comparing. */
export function timesLess(
  work: string,
  value: number,
  unit: string,
  peer: string,
  ofPeer: number,
  least: number | null,
): Figure {
  const times = ofPeer / value;
  const met = least === null ? null : times >= least;
  return {
    work,
    value: round(value),
    unit,
    target: least,
    peer: `less than ${peer}`,
    ratio: round(times),
    met,
  };
}

interface Report {
  readonly machine: string;
  readonly figures: readonly Figure[];
  readonly missed: readonly string[];
}

export function report(machine: string, figures: readonly Figure[]): Report {
  return {
    machine,
    figures,
    missed: figures.filter((figure) => figure.met === false).map((figure) => figure.work),
  };
}

export function asTable({ machine, figures, missed }: Report): string {
  const rows = figures.map((figure) => [
    figure.work,
    `${figure.value} ${figure.unit}`,
    beside(figure),
    figure.met === null ? "" : figure.met ? "met" : "missed",
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [
    machine,
    "",
    ...lines,
    "",
    missed.length === 0 ? "every target met" : `missed: ${missed.join("; ")}`,
  ].join("\n");
}

/** The peer's share of a row, and the target. */
function beside({ target, peer, ratio }: Figure): string {
  const less = peer?.startsWith("less than ") ?? false;
  const compared = ratio === null ? [] : [`${ratio} x ${peer}`];
  return [...compared, ...(target === null ? [] : [`${less ? "at least" : "at most"} ${target}`])].join(", ");
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
