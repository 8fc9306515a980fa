/** Escapes text for use inside an element or a double-quoted attribute. */
export function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Writes a coordinate, to a tenth of a pixel. */
export function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}
