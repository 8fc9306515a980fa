import { html, type Markup } from "@cairn/text";
import { tokenField } from "./fields.js";
import type { PageFrame } from "./sign-in.js";

interface OwnAccount {
  readonly token: string;
  readonly name: string;
  readonly role: string; // in words
  /** Where the role counts: "for north and south", "at this practice". */
  readonly where: string;
}

/** The page of a person's own account, with the way out. */
export function accountPage(frame: PageFrame, { token, name, role, where }: OwnAccount): Markup {
  return frame({
    title: "Your account",
    above: [{ text: "First page", href: "/" }],
    content: html`<h1>Your account</h1>
      <p>You are ${name}, ${role} ${where}.</p>
      <form method="post" action="/sign-out">
        ${tokenField(token)}
        <button class="nhsuk-button" type="submit">Sign out</button>
      </form>
      <p>
        You are signed out by itself after 30 minutes without a page, and after 12 hours. For another password
        or another phone ask for a new one-time link: it replaces both.
      </p>`,
  });
}
