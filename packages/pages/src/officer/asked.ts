/** The month and the page of an account that an address asks for. */

/** "2026-03"; "newest" where it asks none, null for all months; undefined where it is no month. */
export function monthAsked(text: string | undefined): string | null | undefined {
  if (text === undefined) return "newest";
  if (text === "all") return null;
  return /^[12]\d{3}-(?:0[1-9]|1[0-2])$/.test(text) ? text : undefined;
}

/** A page, from 1; null where there is none. @param pages that there are */
export function pageAsked(text: string | undefined, pages: number): number | null {
  if (text === undefined) return 1;
  const page = Number(text);
  return /^[1-9]\d*$/.test(text) && page <= pages ? page : null;
}
