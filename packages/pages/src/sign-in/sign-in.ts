import { html, type Markup } from "@cairn/text";
import type { Page } from "../layout.js";
import { problemSummary } from "../problems.js";
import { textField, tokenField } from "./fields.js";

/** The frame of one process's pages. */
export type PageFrame = (page: Page) => Markup;

/** Where people can sign in elsewhere: its name, and the address on this site that leads there. */
export interface ElsewhereLink {
  readonly name: string;
  readonly href: string;
}

interface SignIn {
  readonly token: string;
  readonly name: string; // as it was typed
  readonly to: string; // path of the page to go to
  /** Whether somebody is signed in, and has to be again for what they are about to do. */
  readonly again: boolean;
  /** Whether a form that could not be sent waits for them. */
  readonly keepsTyped: boolean;
  readonly elsewhere: ElsewhereLink | null;
  readonly problem: string | null;
}

/** The form by which a person signs in. */
export function signInPage(frame: PageFrame, model: SignIn): Markup {
  const { token, name, to, again, keepsTyped, elsewhere, problem } = model;
  return frame({
    title: problem === null ? "Sign in" : "Problem: sign in",
    above: [],
    content: html`${problemSummary(problem === null ? [] : [{ words: problem, at: "name" }])}
      <h1>${again ? "Sign in again" : "Sign in"}</h1>
      ${again && html`<p>What you are about to do asks for it.</p>`}
      ${keepsTyped && html`<p>What you typed is kept: it comes back when you have signed in.</p>`}
      ${elsewhere !== null && elsewhereLink(elsewhere)}
      <form method="post" action="/sign-in">
        ${tokenField(token)}
        <input type="hidden" name="to" value="${to}" />
        ${again && html`<input type="hidden" name="again" value="yes" />`}
        ${textField({ name: "name", label: "Name", value: name, autocomplete: "username" })}
        ${textField({
          ...{ name: "password", label: "Password", type: "password" },
          autocomplete: "current-password",
        })}
        ${textField({
          ...{ name: "code", label: "One-time code", digits: true, autocomplete: "one-time-code" },
          hint: "The six digits that your authenticator app shows now",
        })}
        <button class="nhsuk-button" type="submit">Sign in</button>
      </form>
      <p>
        No account, or no way to sign in any more? Ask whoever runs this for a one-time link. A link works
        once, for three days.
      </p>`,
  });
}

/** The way to sign in with an organisation's own service. */
export function elsewhereLink({ name, href }: ElsewhereLink): Markup {
  return html`<p><a href="${href}">Sign in with ${name}</a></p>`;
}

/** The person was not signed in elsewhere. @param why in words for them */
export function notSignedInPage(frame: PageFrame, why: string): Markup {
  return frame({
    title: "Not signed in",
    above: [],
    content: html`<h1>You are not signed in</h1>
      <p>${why}</p>
      <p><a href="/sign-in">Sign in</a></p>`,
  });
}

interface AccountElsewhere {
  readonly token: string;
  readonly path: string; // of this page, to which its form goes
  /** The service where the person has just signed in, and what it calls their account there. */
  readonly service: string;
  readonly account: string;
  readonly person: string;
  readonly role: string; // in words
}

/** The question whether an account elsewhere is the person's own, before it is bound to theirs here. */
export function bindAccountPage(frame: PageFrame, asked: AccountElsewhere): Markup {
  const { token, path, service, account, person, role } = asked;
  return frame({
    title: "Is this account yours?",
    above: [],
    content: html`<h1>Are you ${person}?</h1>
      <p>
        Sign in with ${service}’s account <strong>${account}</strong> for Cairn’s account
        <strong>${person}</strong>, ${role}. If you are not ${person}, stop here.
      </p>
      <p>
        From then on whoever signs in to that account at ${service} is ${person} here, and what is done here
        stands in the log under that name.
      </p>
      <form method="post" action="${path}">
        ${tokenField(token)}
        <button class="nhsuk-button" type="submit">I am ${person}: sign in with this account</button>
      </form>
      <p>Somebody else sent you the link? Then close this page: nothing has changed.</p>`,
  });
}
