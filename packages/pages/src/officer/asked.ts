/** The month and the page of an account that an address asks for. */

/** A month ("2026-03"), "all", or "newest" where it asks none; null where it is no month. */
export function monthAsked(text = "newest"): string | null {
  return /^(?:newest|all|[12]\d{3}-(?:0[1-9]|1[0-2]))$/.test(text) ? text : null;
}

/** How a month is written, for an address that has none of these; null where it asks no month, or one that there is. */
export function monthHint(address: string): string | null {
  const month = new URLSearchParams(address.split("?")[1]).get("month");
  return month === null || monthAsked(month) !== null ? null : "A month is written as 2026-09.";
}

/** A page, from 1; null where there is none. @param pages that there are */
export function pageAsked(text: string | undefined, pages: number): number | null {
  if (text === undefined) return 1;
  const page = Number(text);
  return /^[1-9]\d*$/.test(text) && page <= pages ? page : null;
}
