/** The names by which agents reach a hub: what its certificate can hold, and an agent finds there again. */
import { isIP } from "node:net";
import { HubError } from "../errors.js";

const DNS_NAME =
  /^(?=.{1,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)*(?!\d+$)[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i;

/** Checks that a host is one DNS name or IP address, and nothing beside it. @throws HubError host-wrong */
export function checkHost(host: string): void {
  if (DNS_NAME.test(host) || (isIP(host) !== 0 && !host.includes("%"))) return;
  const said = /^[\w.:*[\]-]+$/.test(host) ? host : "what was given"; // an address could hold a password
  throw new HubError(
    "host-wrong",
    `${said} is not a host: give a DNS name (letters, digits, hyphens and dots) or an IP address, without http:// and without a port`,
  );
}
