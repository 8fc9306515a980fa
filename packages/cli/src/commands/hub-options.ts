/** Options of the hub's commands. */
import { isIP } from "node:net";
import { InvalidArgumentError, Option } from "commander";

/** The hub's folder, unless `--data` names another. */
export const FOLDER = "cairn-hub";
export const DATA = ["--data <dir>", "the hub's folder", FOLDER] as const;

/** The option for the person who decides: the system's user by default. */
export const AS = ["--as <name>", "your name, for the hub's log; the system's user where absent"] as const;

export function many(value: string, before: string[]): string[] {
  return [...before, value];
}

export function port(value: string): number {
  const n = Number(value);
  if (!Number.isInteger(n) || n < 0 || n > 65_535)
    throw new InvalidArgumentError("write a port from 0 to 65535");
  return n;
}

/** "https://hub.example.org" as its origin; in clear on this machine alone. */
export function webAddress(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol === "https:" || (url?.protocol === "http:" && url.hostname === "localhost"))
    return url.origin;
  throw new InvalidArgumentError("write an address that begins with https://");
}

/** "127.0.0.1", "10.0.0.0/8", added to those before. */
export function proxyAddress(value: string, before: string[]): string[] {
  const [address = "", bits, ...more] = value.split("/");
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  if (most < 0 || !fits || more.length > 0)
    throw new InvalidArgumentError("write an address such as 127.0.0.1, or a network such as 10.0.0.0/8");
  return [...before, value];
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** An option that is a length of time. @param preset as a person writes it, "10m": help shows it so */
export function lasting(flags: string, description: string, preset: string): Option {
  return new Option(flags, description).argParser(duration).default(duration(preset), preset);
}

/** "90s", "15m", "6h", "28d" in milliseconds. */
export function duration(value: string): number {
  const [, n, unit] = /^(\d+)([smhd])$/.exec(value) ?? [];
  if (n === undefined || unit === undefined)
    throw new InvalidArgumentError("write a length of time such as 90s, 15m, 6h or 28d");
  return Number(n) * (UNITS[unit] as number);
}

export function whole(value: string): number {
  const n = Number(value);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError("write a whole number from 1 up");
  return n;
}

export function isoDay(value: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(value))) {
    throw new InvalidArgumentError("write a date as YYYY-MM-DD");
  }
  return value;
}
