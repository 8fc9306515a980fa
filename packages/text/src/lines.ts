interface Layout {
  /** Characters of a line, indent included. 80 unless told. */
  readonly width?: number;
  /** Stands before the first line. */
  readonly first?: string;
  /** Stands before every other line. */
  readonly rest?: string;
}

/** Breaks a text at spaces into lines of at most `width` characters; a longer word stands on a line of its own. */
export function wrap(text: string, { width = 80, first = "", rest = "" }: Layout = {}): string[] {
  const lines: string[] = [];
  let line = first + text;
  let indent = Math.max(first.length, line.search(/[^ ]/));
  while (line.length > width) {
    const before = line.lastIndexOf(" ", width);
    const cut = before > indent ? before : line.indexOf(" ", Math.max(width, indent + 1));
    if (cut < 0) break;
    lines.push(line.slice(0, cut).trimEnd());
    line = rest + line.slice(cut).replace(/^ +/, "");
    indent = rest.length;
  }
  return [...lines, line];
}
