/** Writes text into a buffer by hand: numbers and known words never become strings on the way to the disk. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { Writable } from "node:stream";
import { createGzip } from "node:zlib";

const CHUNK = 1 << 18;
const ROOM = 1 << 12; // no single row is longer

export class TextFile {
  private buffer = Buffer.allocUnsafe(CHUNK);
  private at = 0;
  private failure: Error | null = null;
  private readonly first: Writable;
  private readonly last: Writable;
  bytes = 0;

  constructor(path: string, gzip: boolean) {
    this.last = createWriteStream(gzip ? `${path}.gz` : path);
    this.first = this.last;
    if (gzip) {
      const zip = createGzip({ level: 6 });
      zip.pipe(this.last);
      this.first = zip;
    }
    for (const stream of [this.first, this.last]) stream.on("error", (error) => (this.failure ??= error));
  }

  bytesOf(word: Uint8Array): void {
    const { buffer } = this;
    let at = this.at;
    for (let i = 0; i < word.length; i++) buffer[at++] = word[i] as number;
    this.at = at;
  }

  byte(value: number): void {
    this.buffer[this.at++] = value;
  }

  /** Adds text in UTF-8. For text that is not written a million times. */
  text(text: string): void {
    if (text.length * 3 > CHUNK - this.at) this.flush(text.length * 3);
    this.at += this.buffer.write(text, this.at);
  }

  whole(value: number): void {
    const { buffer } = this;
    let left = value;
    if (left < 0) {
      buffer[this.at++] = 45;
      left = -left;
    }
    let digits = 1;
    for (let bound = 10; left >= bound && digits < 16; bound *= 10) digits++;
    for (let i = this.at + digits - 1; i >= this.at; i--) {
      const tenth = Math.floor(left / 10);
      buffer[i] = 48 + left - tenth * 10;
      left = tenth;
    }
    this.at += digits;
  }

  /** Adds a whole number of tenths, hundredths ... as a decimal: (75, 1) is 7.5. */
  decimal(scaled: number, decimals: number): void {
    if (decimals === 0) return this.whole(scaled);
    const unit = decimals === 1 ? 10 : decimals === 2 ? 100 : 10 ** decimals;
    const left = Math.abs(scaled);
    if (scaled < 0) this.byte(45);
    this.whole(Math.floor(left / unit));
    this.byte(46);
    let rest = left % unit;
    for (let place = unit / 10; place >= 1; place = Math.floor(place / 10)) {
      const digit = Math.floor(rest / place);
      this.byte(48 + digit);
      rest -= digit * place;
    }
  }

  /** Writes full buffers out. To be awaited now and then, so that memory stays bounded. */
  async breathe(): Promise<void> {
    if (this.at > CHUNK - ROOM) this.flush(0);
    if (this.failure) throw this.failure;
    if (this.first.writableNeedDrain) await this.drained();
  }

  private async drained(): Promise<void> {
    const stop = new AbortController();
    const either = [once(this.first, "drain", stop), once(this.last, "error", stop)];
    await Promise.race(either.map((each) => each.catch(() => undefined)));
    stop.abort();
    if (this.failure) throw this.failure;
  }

  /** Whether another row may not fit. */
  get full(): boolean {
    return this.at > CHUNK - ROOM;
  }

  flush(room: number): void {
    if (this.at > 0) {
      this.first.write(this.buffer.subarray(0, this.at));
      this.bytes += this.at;
    }
    this.buffer = Buffer.allocUnsafe(Math.max(CHUNK, room + ROOM));
    this.at = 0;
  }

  async close(): Promise<void> {
    this.flush(0);
    this.first.end();
    await finished(this.last);
    if (this.failure) throw this.failure;
  }
}
