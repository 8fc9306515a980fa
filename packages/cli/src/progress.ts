import { SingleBar } from "cli-progress";

/**
 * Shows the progress of a step. A bar on a terminal; elsewhere one line when a step begins and one when it is done.
 */
interface Progress {
  (step: string, done: number, of: number): void;
  end(): void;
}

/** @param stream standard error: results on standard output stay alone. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? bars(stream) : lines(stream);
}

function bars(stream: NodeJS.WriteStream): Progress {
  let bar: SingleBar | null = null;
  let current = "";
  const end = (): void => {
    bar?.stop();
    bar = null;
  };
  const say = (step: string, done: number, of: number): void => {
    if (step !== current) {
      end();
      current = step;
      bar = new SingleBar({
        stream,
        format: "{bar} {value}/{total}  {step}",
        barsize: 24,
        barCompleteChar: "█",
        barIncompleteChar: "░",
      });
      bar.start(of, done, { step });
    }
    bar?.setTotal(of);
    bar?.update(done, { step });
  };
  return Object.assign(say, { end });
}

function lines(stream: NodeJS.WriteStream): Progress {
  let current = "";
  let finished = false;
  const say = (step: string, done: number, of: number): void => {
    if (step !== current) {
      stream.write(`${step} (${of})\n`);
      current = step;
      finished = false;
    }
    if (done === of && !finished) {
      stream.write(`${step}: done\n`);
      finished = true;
    }
  };
  return Object.assign(say, { end: () => undefined });
}
